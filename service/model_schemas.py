"""The shapes of requests and answers about versions of the model."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from models.versions import Action

Why = Annotated[str, Field(min_length=1, max_length=500, description="The reason, for the history.")]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PromoteRequest(_Request):
    """Make a version the champion."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"why": "fewer teasers missed"}, {"why": "judged by hand", "force": True}]}
    )

    why: Why
    force: bool = Field(
        default=False,
        description="Promote a version that the gate refused, or that it never judged; this needs the scope `admin`.",
    )


class RollbackRequest(_Request):
    """Go back to the champion before."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"why": "opinions taken for analysis"}]})

    why: Why


class ShadowRequest(_Request):
    """Let a version score live traffic without answering."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"version": "20261123-0a1b2c3d", "why": "a week beside the champion"}]}
    )

    version: str = Field(min_length=1, max_length=64)
    why: Why


class _Answer(BaseModel):
    model: str | None = Field(description="The version that answers now; null where none is loaded.")
    request_id: str


class VersionAnswer(BaseModel):
    """One saved version of the model."""

    version: str
    champion: bool = Field(description="Whether the registry's champion is this version.")
    shadow: bool = Field(description="Whether it scores live traffic without answering.")
    verdict: dict[str, Any] | None = Field(
        description="What the gate said: `passed`, its reasons, the figures; null where it was not asked."
    )
    objection: str | None = Field(description="Why it is promoted by force only; null where nothing speaks against it.")
    metadata: dict[str, Any] = Field(description="Its model.json: labels, thresholds, metrics, hashes.")


class VersionListAnswer(_Answer):
    """The saved versions, oldest first."""

    models: list[VersionAnswer]
    comparisons: list[tuple[str, str]] = Field(description="Pairs of versions that can be read side by side.")


class OneVersionAnswer(VersionAnswer, _Answer):
    """One saved version, and who asked."""


class ChangeAnswer(BaseModel):
    """One change of the champion."""

    time: str = Field(description="ISO 8601 in UTC.")
    action: Action
    version: str = Field(description="The champion from then on.")
    previous: str | None = Field(description="The champion until then.")
    who: str
    why: str


class HistoryAnswer(_Answer):
    """Every change of the champion, oldest first."""

    history: list[ChangeAnswer]


class WorkerAnswer(BaseModel):
    """One server process of the machine that was asked."""

    pid: int
    version: str | None = Field(description="What it answers with.")
    prepared: str | None = Field(description="What it has loaded, and turns to once all processes are ready.")
    refused: str | None = Field(description="A champion that it could not load.")
    reason: str | None = Field(description="Why not.")


class PromotionAnswer(_Answer):
    """What became of a promotion or rollback."""

    champion: str = Field(description="The registry's champion now.")
    previous: str | None = Field(description="The champion before.")
    serving: bool = Field(
        description="Whether every server process of this machine answers with it; false where it takes longer."
    )
    workers: list[WorkerAnswer]
    removed: list[str] = Field(description="Old versions that were removed, by LANMU_KEEP_VERSIONS.")


class DisagreementAnswer(BaseModel):
    """A section that the shadow judged otherwise. Without LANMU_SHADOW_TEXTS it is known by hash and place only."""

    time: str
    champion: str
    shadow: str
    said: str = Field(description="The champion's label, or why it abstained.")
    shadow_said: str
    sha256: str = Field(description="Of the section's text in UTF-8.")
    start: int | None = Field(description="First code point of the section in its page; null for a lone text.")
    end: int | None
    text: str | None


class ShadowAnswer(_Answer):
    """The shadow, and where it differs from the champion."""

    shadow: dict[str, str] | None = Field(description="`version`, `who`, `why` and `time`; null where there is none.")
    sections: int = Field(description="Scored by the shadow since the server started, in all its processes.")
    disagreements: int = Field(description="Of those, how many it judged otherwise.")
    dropped: int = Field(description="Requests that it did not score because they came too fast.")
    latest: list[DisagreementAnswer] = Field(description="The last ones, latest first.")


class DriftAnswer(_Answer):
    """Live traffic since the server started, beside what training saw of pages that the model had not learned from."""

    version: str
    sections: int = Field(description="Judged live by this version.")
    expected: dict[str, float] = Field(description="In training: the share of each label, and of abstentions.")
    seen: dict[str, float] = Field(description="The same of live traffic; empty before the first section.")
    distance: float | None = Field(
        description="Population stability index of the two: from .1 worth a look, from .25 another kind of traffic. "
        "null below 200 sections."
    )
    unknown_expected: float | None = Field(description="In training: the share of a new page's words not known.")
    unknown_seen: float | None = Field(description="The same of a sample of live requests.")
    words: int = Field(description="Words of that sample.")
