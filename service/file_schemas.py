"""The shapes of /v1/files and /v1/batches: OpenAI's, with our fields beside them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from service.batch.job import Answers, Format, Rows
from service.batch.requests import CLASSIFY, MODERATIONS
from service.files import MOST_METADATA, Status

SHORTEST_S, LONGEST_S = 3600, 365 * 86_400
SECONDS = {"type": "integer", "minimum": SHORTEST_S, "maximum": LONGEST_S}
Seconds = Annotated[int, Field(ge=SHORTEST_S, le=LONGEST_S)]
Moment = Annotated[int, Field(description="Seconds since 1970.")]
OUTPUT_FORMATS = (Format.JSONL, Format.CSV, Format.PARQUET)


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _without_default(schema: dict[str, Any]) -> None:
    """A field of a form is left out or has a value; it is never null."""
    schema.pop("default", None)


class FileForm(BaseModel):
    """A file, as a form."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    file: Any = Field(
        json_schema_extra={"type": "string", "format": "binary"},
        description="JSON Lines, CSV or Parquet, by its name; the first two also packed as .gz or .zst.",
    )
    purpose: Literal["batch"] = Field(description="What it is for.")
    anchor: Annotated[Literal["created_at"] | None, WithJsonSchema({"type": "string", "enum": ["created_at"]})] = Field(
        default=None, alias="expires_after[anchor]", json_schema_extra=_without_default
    )
    seconds: Annotated[Seconds | None, WithJsonSchema(SECONDS)] = Field(
        default=None,
        alias="expires_after[seconds]",
        json_schema_extra=_without_default,
        description="How long it is kept, LANMU_KEEP_FILES_DAYS at most, which is what it is without this.",
    )


class FileAnswer(BaseModel):
    """A file."""

    id: str
    object: Literal["file"]
    bytes: int
    created_at: Moment
    expires_at: Moment
    filename: str
    purpose: Literal["batch", "batch_output"]
    status: Literal["processed"]


class FileListQuery(BaseModel):
    """Which files to list."""

    limit: Annotated[int, Field(ge=1, le=10_000, description="At most so many.")] = 1000
    after: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="The last file of the page before."
    )
    order: Literal["asc", "desc"] = Field(default="desc", description="By the time of their making.")
    purpose: Literal["batch", "batch_output"] | None = None


class _List(BaseModel):
    object: Literal["list"]
    first_id: str | None
    last_id: str | None
    has_more: bool


class FileListAnswer(_List):
    """Some of the files."""

    data: list[FileAnswer]


class DeletedFileAnswer(BaseModel):
    """A file that is gone."""

    id: str
    object: Literal["file"]
    deleted: Literal[True]


Name = Annotated[str, Field(min_length=1, max_length=200)]


class FieldNames(_Request):
    """What the fields of a record, or the columns of a table, are named."""

    id: Name = "id"
    text: Name = "text"
    sections: Name = "sections"
    page: Name = "page"
    html: Name = "html"


class RecordsRequest(_Request):
    """That the file holds plain records and no requests: an `id` and one of `text`, `sections`, `page`, `html` each."""

    fields: FieldNames = FieldNames()
    format: Literal["jsonl", "csv", "parquet"] | None = Field(
        default=None, description="Of the output; by default that of the input."
    )
    answers: Annotated[Answers, Field(strict=False)] = Field(
        default=Answers.FULL, description="How much is said of a section."
    )
    rows: Annotated[Rows, Field(strict=False)] | None = Field(
        default=None, description="What has a row: a record, or a section, as always in CSV."
    )
    keep: list[Name] | None = Field(
        default=None, min_length=1, description="Only sections of these labels are written."
    )
    drop: list[Name] | None = Field(default=None, min_length=1, description="Sections of these labels are left out.")


class ExpiresAfter(_Request):
    """How long something is kept."""

    anchor: Literal["created_at"]
    seconds: Seconds


NoteName = Annotated[str, Field(max_length=64)]
Note = Annotated[str, Field(max_length=512)]


class BatchRequest(_Request):
    """Answer every line of a file that was uploaded."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"input_file_id": "file-0", "endpoint": MODERATIONS, "completion_window": "24h"},
                {"input_file_id": "file-0", "endpoint": CLASSIFY, "records": {"answers": "labels", "format": "csv"}},
            ]
        }
    )

    input_file_id: Annotated[str, Field(max_length=100)]
    endpoint: Literal["/v1/moderations", "/v1/classify"]
    completion_window: Literal["24h"] = Field(default="24h", description="Kept for OpenAI's SDK: no batch expires.")
    metadata: dict[NoteName, Note] | None = Field(default=None, max_length=MOST_METADATA, description="Notes of yours.")
    output_expires_after: ExpiresAfter | None = None
    records: RecordsRequest | None = Field(
        default=None,
        description="Where the file holds plain records: how to read and answer them, {} for as usual. JSON Lines "
        "without this are requests in OpenAI's form; CSV and Parquet are records anyway. Only for /v1/classify.",
    )


class BatchListQuery(BaseModel):
    """Which batches to list."""

    limit: Annotated[int, Field(ge=1, le=100, description="At most so many, the newest.")] = 20
    after: Annotated[str, Field(max_length=100)] | None = Field(
        default=None, description="The last batch of the page before."
    )


class RequestCounts(BaseModel):
    """How far a batch is. total : 0 until they are counted."""

    total: int
    completed: int
    failed: int


class BatchErrorAnswer(BaseModel):
    """Why a batch failed."""

    code: str
    message: str
    line: int | None
    param: str | None


class BatchErrorsAnswer(BaseModel):
    """Why a batch failed, as OpenAI tells it."""

    object: Literal["list"]
    data: list[BatchErrorAnswer]


class BatchAnswer(BaseModel):
    """A batch."""

    id: str
    object: Literal["batch"]
    endpoint: str
    input_file_id: str
    completion_window: str
    status: Status
    request_counts: RequestCounts
    output_file_id: str | None = Field(description="The answers, in the order of the lines.")
    error_file_id: str | None = Field(description="A line for each bad line, with its number and what is wrong.")
    errors: BatchErrorsAnswer | None = Field(description="Where the batch as a whole failed.")
    metadata: dict[str, str] | None
    model: str = Field(description="The version that judges, chosen when the batch was made.")
    policy: int = Field(description="The version of the policy, of the same moment.")
    labels: dict[str, int] = Field(description="How many sections got which label so far, `none` for those without.")
    filename: str = Field(description="What the input was called.")
    created_at: Moment
    in_progress_at: Moment | None
    finalizing_at: Moment | None
    completed_at: Moment | None
    failed_at: Moment | None
    cancelling_at: Moment | None
    cancelled_at: Moment | None
    expires_at: None = None
    expired_at: None = None


class BatchListAnswer(_List):
    """Some of the batches, newest first."""

    data: list[BatchAnswer]
