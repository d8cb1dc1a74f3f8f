"""The shapes of POST /v1/moderations: OpenAI's, with our fields beside them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from service.schemas import DataId, ResultAnswer, WantsEvidence

PART: dict[str, Any] = {
    "type": "object",
    "properties": {"type": {"const": "text"}, "text": {"type": "string"}},
    "required": ["type", "text"],
    "additionalProperties": False,
}
INPUT: dict[str, Any] = {
    "description": "One text or several; each gets a result.",
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"anyOf": [{"type": "string"}, PART]}}],
}


class InputError(ValueError):
    """An input is no text. place : steps to it within the input."""

    def __init__(self, reason: str, place: tuple[str | int, ...]) -> None:
        super().__init__(reason)
        self.place = ("input", *place)


def _text_of(part: Any, number: int) -> str:
    if isinstance(part, str):
        return _text(part, (number,))
    if not isinstance(part, dict):
        raise InputError('A string or {"type": "text", "text": "…"} was expected', (number,))
    if part.get("type") != "text":
        raise InputError(f"Only texts are judged, not {part.get('type')!r:.50}", (number, "type"))
    for name in part:
        if name not in {"type", "text"}:
            raise InputError("There is no such field here", (number, name))
    if not isinstance(part.get("text"), str):
        raise InputError("A string was expected", (number, "text"))
    return _text(part["text"], (number, "text"))


def _text(text: str, place: tuple[str | int, ...]) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        reason = "The text holds a lone surrogate (half of a pair), which is no character: mend or remove it"
        raise InputError(reason, place) from None
    return text


class ModerationRequest(BaseModel):
    """Texts that are each judged by themselves, as OpenAI's SDK sends them."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={
            "examples": [
                {"input": "显然，这次涨价毫无道理。"},
                {"input": ["新芯片采用三纳米工艺，功耗下降两成。", "猜你喜欢：手机还值得买吗？"], "evidence": True},
                {"input": [{"type": "text", "text": "猜你喜欢：手机还值得买吗？"}], "model": "omni-moderation-latest"},
            ]
        },
    )

    input: Annotated[Any, WithJsonSchema(INPUT)]
    model: str | None = Field(
        default=None, max_length=200, description="Passed over: the champion answers, and the answer names it."
    )
    evidence: WantsEvidence = False
    data_id: DataId | None = None

    def texts(self) -> list[str]:
        """The texts, whichever way they were given. Raises InputError."""
        if isinstance(self.input, str):
            return [_text(self.input, ())]
        if not isinstance(self.input, list):
            raise InputError("A string, a list of strings, or a list of text parts was expected", ())
        return [_text_of(each, number) for number, each in enumerate(self.input)]


class ModerationResult(ResultAnswer):
    """The judgement on one text, in OpenAI's form and in ours."""

    flagged: bool = Field(description="Whether the policy suggests `flagged_from` or worse, by default `block`.")
    categories: dict[str, bool] = Field(description="By label, whether the text is flagged for it.")
    category_scores: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(description="By label, its probability.")
    category_applied_input_types: dict[str, list[Literal["text"]]]


class ModerationAnswer(BaseModel):
    """One result for each text, in order."""

    id: str
    model: str = Field(description="The version that answered.")
    policy: int = Field(description="The version of the policy.")
    results: list[ModerationResult]
    request_id: str
    data_id: DataId | None = None
