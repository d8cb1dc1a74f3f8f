"""What a batch is to do, in words that fit into JSON: the ledger keeps them, and workers are told them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from service.policy import Policy

UNFINISHED = ".unfinished"
"""End of the name of an unfinished batch's folder."""


class Format(StrEnum):
    """What a file of records or of answers holds."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    WARC = "warc"
    OPENAI = "openai"


class Packing(StrEnum):
    """How a file is compressed."""

    NONE = ""
    GZIP = "gz"
    ZSTD = "zst"


class Answers(StrEnum):
    """How much is said of a section."""

    FULL = "full"
    LABELS = "labels"
    PROBABILITIES = "probabilities"
    TEXT = "text"


class Rows(StrEnum):
    """What has a row of its own."""

    RECORD = "record"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Fields:
    """The names that fields or columns have in the input. In WARC, `id` is the header that the id is taken from."""

    id: str = "id"
    text: str = "text"
    sections: str = "sections"
    page: str = "page"
    html: str = "html"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the output looks like.

    keep, drop : labels whose sections alone are written, or are left out; `none` stands for sections without a label.
        With either and a row a record, a row holds the text that is left of the record.
    endpoint : what requests in OpenAI's form (`Format.OPENAI`) must be for; they are answered in that form.
    """

    format: Format = Format.JSONL
    packing: Packing = Packing.NONE
    answers: Answers = Answers.FULL
    rows: Rows = Rows.RECORD
    keep: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None
    endpoint: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether rows hold what is left of each record's text."""
        return (self.keep is not None or self.drop is not None) and self.rows is Rows.RECORD


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch to be run.

    sources : files, folders, patterns or URLs; '-' is standard input.
    target : file or URL of the answers. errors : of the bad records; by default `target` + ".errors.jsonl".
    models_dir : registry that the model is taken from. version : of the model; None is the champion, as it is when the
        batch begins: a batch that goes on keeps the version that it began with.
    model_key : with it, the version must be signed with it.
    format : of the input; None is by each file's name.
    max_errors : so many bad records are borne; None is any number.
    work : local folder of what is done so far; by default beside `target`, or here where that is no local file.
    force : whether a `target` that is there already is replaced.
    restart : whether to begin anew where an unfinished batch is found.
    """

    sources: tuple[str, ...]
    target: str
    models_dir: Path
    version: str | None = None
    model_key: bytes | None = field(default=None, repr=False)
    errors: str | None = None
    format: Format | None = None
    fields: Fields = field(default_factory=Fields)
    shape: Shape = field(default_factory=Shape)
    policy: Policy = field(default_factory=Policy)
    max_errors: int | None = None
    work: Path | None = None
    force: bool = False
    restart: bool = False

    @property
    def errors_target(self) -> str:
        """Where bad records go."""
        return self.errors or f"{self.target}.errors.jsonl"

    @property
    def ledger_target(self) -> str:
        """Where the ledger of a finished batch is."""
        return f"{self.target}.ledger.jsonl"

    @property
    def targets(self) -> tuple[str, str, str]:
        """All that it writes when it is done."""
        return self.target, self.errors_target, self.ledger_target

    @property
    def work_folder(self) -> Path:
        """Where an unfinished batch is."""
        beside = Path(self.target.rstrip("/").rpartition("/")[2]) if "://" in self.target else Path(self.target)
        return self.work or beside.with_name(f"{beside.name}{UNFINISHED}")


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to know: which model, which fields, which answers.

    ledger : the folder of the ledger, where workers of the same machine keep what becomes of blocks.
    """

    models_dir: str
    version: str
    model_key: str | None
    fields: Fields
    shape: Shape
    policy: Policy
    ledger: str | None = None

    def told(self) -> dict[str, Any]:
        """As plain values."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        return plain | {"fields": asdict(self.fields), "shape": asdict(self.shape), "policy": self.policy.told()}

    @classmethod
    def heard(cls, told: dict[str, Any]) -> Task:
        """From plain values."""
        shape = told["shape"]
        return cls(
            told["models_dir"],
            told["version"],
            told["model_key"],
            Fields(**told["fields"]),
            Shape(
                Format(shape["format"]),
                Packing(shape["packing"]),
                Answers(shape["answers"]),
                Rows(shape["rows"]),
                keep=None if shape["keep"] is None else tuple(shape["keep"]),
                drop=None if shape["drop"] is None else tuple(shape["drop"]),
                endpoint=shape["endpoint"],
            ),
            Policy.heard(told["policy"]),
            told["ledger"],
        )
