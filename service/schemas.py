"""The shapes of requests and answers. Requests are checked against them; answers are documented by them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from models.page import Kind
from models.result import AbstainReason
from service.model_schemas import WorkerAnswer
from service.policy import Suggestion

DataId = Annotated[
    str, Field(max_length=128, description="Anything of yours, up to 128 characters; comes back as it is.")
]
Text = Annotated[str, Field(min_length=0)]
"""Any text at all. The empty constraint has pydantic read the characters: without it lone surrogates pass."""
WantsEvidence = Annotated[bool, Field(description="Whether to name the words that decided.")]


class _Request(BaseModel):
    """A body with exactly one of `inputs`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    inputs: ClassVar[tuple[str, ...]]

    evidence: WantsEvidence = False
    data_id: DataId | None = None

    @model_validator(mode="after")
    def _one_input(self) -> Self:
        if len(self._given()) != 1:
            names, given = ", ".join(self.inputs), " and ".join(self._given()) or "none"
            raise PydanticCustomError(
                "one_of", "Give exactly one of {names}: here is {given}", {"names": names, "given": given}
            )
        return self

    @property
    def given(self) -> str:
        """The name of the one input that was given."""
        (name,) = self._given()
        return name

    @property
    def characters(self) -> int:
        """How many code points the input has."""
        value: str | list[str] = getattr(self, self.given)
        return len(value) if isinstance(value, str) else sum(map(len, value))

    def _given(self) -> list[str]:
        return [name for name in self.inputs if getattr(self, name) is not None]


class ClassifyRequest(_Request):
    """Texts that are each judged by themselves: `text` for one, `texts` for several."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "显然，这次涨价毫无道理。", "evidence": True},
                {"texts": ["新芯片采用三纳米工艺，功耗下降两成。", "猜你喜欢"], "data_id": "post-17"},
            ]
        }
    )

    inputs = ("text", "texts")

    text: Text | None = None
    texts: list[Text] | None = None

    def all_texts(self) -> list[str]:
        """The texts, whichever way they were given."""
        return [self.text] if self.text is not None else self.texts or []


class PageRequest(_Request):
    """A page as text (`page`), as HTML (`html`), or cut into its sections already (`sections`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"page": "新芯片发布\n三纳米工艺让功耗下降两成。\n\n相关推荐\n手机还值得买吗？\n", "evidence": True},
                {"html": "<h1>新芯片发布</h1><p>三纳米工艺让功耗下降两成。</p><ul><li><a href='/2'>猜你喜欢</a></ul>"},
                {"sections": ["显然，这次涨价毫无道理。", "上一篇：手机还值得买吗？"], "data_id": "page-4"},
            ]
        }
    )

    inputs = ("page", "html", "sections")

    page: Text | None = None
    html: Text | None = None
    sections: list[Text] | None = None


class PageQuery(BaseModel):
    """What a raw page's query may say."""

    evidence: WantsEvidence = False
    data_id: DataId | None = None


class EvidenceAnswer(BaseModel):
    """A word that decided. In a page's answer the offsets are those of the page's text."""

    start: int = Field(ge=0, description="First code point.")
    end: int = Field(ge=0, description="One past the last code point.")
    text: str
    label: str
    weight: float = Field(description="What it added to the score of `label`, in log-odds.")


class ResultAnswer(BaseModel):
    """The judgement on one text."""

    label: str | None = Field(description="null where the model abstains.")
    probability: float = Field(
        ge=0, le=1, description="Calibrated; of `label`, or the largest where the model abstains."
    )
    probabilities: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        description="By label and `none`; they sum to 1."
    )
    abstain_reason: AbstainReason | None = Field(description="null where there is a label.")
    suggestion: Suggestion
    evidence: list[EvidenceAnswer] | None = Field(default=None, description="Strongest first; only when asked for.")


class SectionAnswer(ResultAnswer):
    """The judgement on one section of a page."""

    start: int = Field(ge=0, description="First code point of the section in the page's text.")
    end: int = Field(ge=0, description="One past its last code point.")
    heading: str | None = Field(description="The heading that opens the section.")
    kind: Kind = Field(description="What the layout alone says; a hint, not a label.")


class _Answer(BaseModel):
    model: str = Field(description="The version that answered.")
    request_id: str
    data_id: DataId | None = Field(default=None, description="As it was sent.")


class ClassifyAnswer(_Answer):
    """One result for each text, in order."""

    results: list[ResultAnswer]


class PageAnswer(_Answer):
    """The sections of the page, in order; together they cover it."""

    text: str | None = Field(
        default=None, description="What offsets refer to; absent where it is the `page` that was sent."
    )
    sections: list[SectionAnswer]


class ProblemError(BaseModel):
    """One wrong value among several."""

    detail: str
    pointer: str


class ProblemAnswer(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="What is wrong and what to do about it.")
    pointer: str | None = Field(default=None, description='JSON pointer into the request\'s body; "" is all of it.')
    errors: list[ProblemError] | None = Field(
        default=None, description="The first wrong values, where there are several."
    )
    request_id: str


class OpenAIError(BaseModel):
    """What went wrong, as OpenAI tells it."""

    message: str = Field(description="What is wrong and what to do about it.")
    type: str
    param: str | None = Field(description="The field that is wrong, as `input[3].text`.")
    code: str


class OpenAIProblemAnswer(BaseModel):
    """What went wrong, where OpenAI's SDK asks."""

    error: OpenAIError
    request_id: str


class LiveAnswer(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class ReadyAnswer(BaseModel):
    """Whether calls can be answered, check by check."""

    status: Literal["ok", "degraded", "failing"] = Field(
        description="degraded: calls are answered, but not by the registry's champion, nor by the present policy."
    )
    checks: dict[str, str] = Field(description='By name: "ok", or what fails.')
    workers: list[WorkerAnswer] = Field(description="The server processes of this machine and what each serves.")
