"""The shapes of requests and answers about seeds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.schemas import Text

MOST = 10_000
"""Sections that one request may bring."""

OnConflict = Annotated[
    Literal["keep", "replace", "both"] | None,
    Field(
        description="What holds where a text has another label already: `keep` what is there, `replace` it, or let "
        "`both` hold. Without a decision such seeds wait, and the answer is 409."
    ),
]
NewLabels = Annotated[
    str,
    Field(
        max_length=1000,
        description="Labels that are new, with commas between them. Only one that looks like a known label needs this.",
    ),
]
NO_NUL = r"^[^\x00]*$"
"""PostgreSQL cannot hold a NUL."""

Source = Annotated[
    str, Field(max_length=200, pattern=NO_NUL, description="Where the seeds come from, such as a file's name.")
]


class SeedsRequest(BaseModel):
    """Seeds as records: `text` and `label`, or a `page` with its `sections`; see the README for the other forms."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"seeds": [{"text": "我不相信它能取代锂电池。", "label": "opinion"}]},
                {
                    "seeds": [
                        {
                            "page": "shop-17",
                            "sections": [
                                {"text": "热泵不产生热，只搬运热。", "label": "tech_analysis"},
                                {"text": "相关阅读：老房子装地暖", "label": "recommendation_teaser"},
                            ],
                        }
                    ],
                    "source": "shop pages, week 47",
                },
            ]
        },
    )

    seeds: list[dict[str, Any]] = Field(max_length=MOST)
    on_conflict: OnConflict = None
    new_labels: list[Text] = Field(default=[], max_length=100, description="Labels that are new and look like others.")
    source: Source = ""


class SeedsQuery(BaseModel):
    """What the query may say where seeds are sent as a file."""

    on_conflict: OnConflict = None
    new_labels: NewLabels = ""
    source: Source = ""


class SeedListQuery(BaseModel):
    """Which seeds to list."""

    limit: int = Field(default=100, ge=1, le=1000, description="How many, at most.")
    after: str = Field(default="", max_length=32, pattern=NO_NUL, description="The `next` of the answer before.")
    state: Literal["active", "waiting", "withdrawn"] | None = None
    label: str | None = Field(default=None, max_length=64, pattern=NO_NUL)
    page: str | None = Field(default=None, max_length=200, pattern=NO_NUL, description="The name of a page.")


class WithdrawQuery(BaseModel):
    """What to withdraw."""

    whole_page: bool = Field(default=False, description="All sections that came with it, not this one alone.")


class SeedAnswer(BaseModel):
    """A seed, with who brought it, when and from where."""

    id: str
    page: str | None = Field(description="The name of the page it stands on; null for a text that came without one.")
    place: int = Field(description="Its number on the page, from 0.")
    text: str
    label: str
    state: Literal["active", "waiting", "withdrawn"] = Field(
        description="`active` ones are trained on; `waiting` ones contradict others, and nobody has decided yet."
    )
    on_conflict: Literal["replace", "both"] | None = Field(description="What was decided when it was added.")
    source: str
    who: str
    added_at: str
    withdrawn_by: str | None
    withdrawn_at: str | None
    why: str | None


class _Carried(BaseModel):
    model: str | None = Field(description="The version that answers now; null where none is loaded.")
    request_id: str


class SeedListAnswer(_Carried):
    """Seeds in the order in which they were added."""

    seeds: list[SeedAnswer]
    next: str | None = Field(description="Send it as `after` for the seeds that follow; null at the end.")
    counts: dict[str, dict[str, int]] = Field(description="How many seeds there are in all, by state and label.")


class WithdrawnAnswer(_Carried):
    """The seeds that are withdrawn."""

    seeds: list[SeedAnswer]


class SeedConflict(BaseModel):
    """Seeds that wait for a decision."""

    place: str
    ids: list[str] = Field(description="Under which they wait; DELETE gives them up.")
    reason: str = Field(description="What they contradict, naming both.")


class SeedProblem(BaseModel):
    """A row that was not added."""

    line: int | None
    place: str
    reason: str


class SeedsAnswer(_Carried):
    """What became of the seeds; counts are of sections."""

    added: int
    known: int = Field(description="Were there already: nothing changed for them.")
    kept: int = Field(description="Given up for what was there, by `on_conflict=keep`.")
    withdrawn: int = Field(description="Were there and were given up for new ones, by `on_conflict=replace`.")
    waiting: int = Field(description="Contradict others and wait for a decision.")
    new_labels: list[str]
    ids: list[str]
    conflicts: list[SeedConflict]
    problems: list[SeedProblem] = Field(description="Rows that were not added, each with its line and the reason.")
