"""The shapes of requests and answers about trainings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.jobs import State


class TrainingRequest(BaseModel):
    """Retrain on all seeds. Everything may be left out."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        json_schema_extra={
            "examples": [{"why": "two hundred new recipes"}, {"promote": False, "why": "to look at it"}]
        },
    )

    promote: bool | None = Field(
        default=None,
        description="Whether a version that passes the gate becomes the champion; null leaves it to LANMU_PROMOTE.",
    )
    why: str | None = Field(default=None, min_length=1, max_length=500, description="The reason, for the history.")


class TrainingQuery(BaseModel):
    """How many trainings to list."""

    limit: Annotated[int, Field(ge=1, le=1000, description="At most so many, the newest.")] = 20


class Training(BaseModel):
    """One training."""

    id: str
    state: State = Field(
        description="`parked`: several tries ended without an answer, `error` says how; nobody tries again by itself."
    )
    stage: str | None = Field(description="What is being done, or was done last.")
    done: int | None = Field(description="How much of the stage's work is done.")
    total: int | None = Field(description="How much there is.")
    attempts: int = Field(description="Tries begun.")
    cancelling: bool = Field(description="Whether it was asked to end.")
    version: str | None = Field(description="The version that it made.")
    unchanged: bool = Field(
        description="Whether the seeds gave the champion again, so that there was nothing to judge."
    )
    verdict: dict[str, Any] | None = Field(description="What the gate says of the version.")
    promoted: bool = Field(description="Whether the training made the version the champion.")
    error: str | None = Field(description="Why it failed or was parked, or how its last try ended without an answer.")
    who: str = Field(description="Who asked for it.")
    why: str | None = Field(description="The reason that was given when it was asked for.")
    promote: bool | None = Field(
        description="As asked: whether a version that passes the gate becomes the champion; null: LANMU_PROMOTE says."
    )
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class _Answer(BaseModel):
    model: str | None = Field(description="The version that answers now; null where none is loaded.")
    request_id: str


class TrainingAnswer(Training, _Answer):
    """One training, and who answered."""


class StartedTrainingAnswer(TrainingAnswer):
    """The training that was asked for."""

    joined: bool = Field(
        description="Whether one was under way already: this is that one, whose `who`, `why` and `promote` hold; those "
        "of this request change nothing."
    )


class TrainingListAnswer(_Answer):
    """Trainings, newest first."""

    trainings: list[Training]
