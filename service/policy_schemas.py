"""The shape of a policy, in its file and in requests and answers about it."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from service.policy import Policy, Suggestion, Thresholds, thresholds_of
from service.schemas import Text

Share = Annotated[float, Field(ge=0, le=1)]
Word = Literal["pass", "review", "block"]
WORDS = ("pass", "review", "block")
LABEL = r"^[a-z][a-z0-9_]{0,63}$"


class Rule(BaseModel):
    """What is done with a label depends on its probability: below both thresholds it passes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    review: Share | None = Field(default=None, description="From this probability on a person looks at it.")
    block: Share | None = Field(default=None, description="From this probability on it is blocked.")

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: Any) -> Any:
        """A word stands for thresholds, too."""
        if isinstance(value, dict | Rule):
            return value
        if value not in WORDS:
            raise PydanticCustomError(
                "rule", "Write one of {words}, or an object of thresholds", {"words": ", ".join(WORDS)}
            )
        return thresholds_of(value).finite()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.review is not None and self.block is not None and self.review >= self.block:
            raise PydanticCustomError(
                "threshold_order", "review has to be below block: from block on, nothing is left to review"
            )
        return self

    def thresholds(self) -> Thresholds:
        """As the policy has them."""
        return Thresholds(*(math.inf if each is None else each for each in (self.review, self.block)))

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> Any:
        """Words stand in the schema, too."""
        described = handler.resolve_ref_schema(handler(core_schema))
        described["anyOf"] = [{"enum": list(WORDS)}, {"type": described.pop("type")}]
        return described


class PolicyFields(BaseModel):
    """What a policy says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: dict[Annotated[str, Field(pattern=LABEL)], Rule] = Field(
        description="By label, `pass`, `review` or `block`, or an object of thresholds."
    )
    otherwise: Word = Field(default="review", description="What abstentions get, and labels that are not named.")
    flagged_from: Literal["review", "block"] = Field(
        default="block", description="The mildest suggestion that /v1/moderations answers `flagged: true` for."
    )

    def policy(self, version: int) -> Policy:
        """The policy that is described."""
        rules = {label: rule.thresholds() for label, rule in self.labels.items()}
        return Policy(rules, Suggestion(self.otherwise), Suggestion(self.flagged_from), version)


_EXAMPLE: dict[str, Any] = {
    "labels": {
        "recommendation_teaser": "block",
        "opinion": {"review": 0.5, "block": 0.95},
        "tech_analysis": "pass",
    },
    "otherwise": "review",
}


class PolicyRequest(PolicyFields):
    """The policy that is to be from now on, whole."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [_EXAMPLE | {"why": "sure opinions need nobody to look at them"}]}
    )

    version: int | None = Field(
        default=None, ge=0, description="The version that this one was made from: where that is no more, 409."
    )
    why: str | None = Field(default=None, min_length=1, max_length=500, description="The reason, for the history.")


class PolicyDocument(PolicyFields):
    """A policy as its file has it."""

    version: int = Field(default=1, ge=1)
    who: str | None = None
    why: str | None = None
    at: datetime | None = None


class PolicyAnswer(PolicyFields):
    """The policy by which suggestions are made."""

    version: int = Field(description="Counts the changes; 0 is the policy that comes with Lanmu.")
    who: str | None = Field(description="Who made this version.")
    why: str | None
    at: datetime | None
    model: str | None
    request_id: str


class PreviewRequest(BaseModel):
    """A policy to be tried, and texts to try it on."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"policy": _EXAMPLE, "texts": ["显然，这次涨价毫无道理。", "新芯片的功耗下降两成。"]}]
        },
    )

    policy: PolicyFields
    texts: list[Text] = Field(min_length=1)


class PreviewResult(BaseModel):
    """What becomes of one text."""

    label: str | None
    probability: float
    suggestion: Suggestion = Field(description="By the policy that is.")
    proposed: Suggestion = Field(description="By the policy that is tried.")
    flips: bool = Field(description="Whether the two differ.")


class PreviewAnswer(BaseModel):
    """What a change would do."""

    model: str
    request_id: str
    version: int = Field(description="Of the policy that is.")
    flips: dict[str, int] = Field(description='How many texts go from one to another, as "review to block".')
    results: list[PreviewResult] = Field(description="One for each text, in order.")
