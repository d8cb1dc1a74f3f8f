"""Files: rows in the database, and bytes in a folder.

Bytes come first and go last, so what has a row has its bytes; what a kill leaves without a row, `upkeep` removes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, and_, delete, insert, or_, select

from models.versions.files import sync_folder
from service.batch.job import Format
from service.batch.places import form_of
from service.files.errors import UnknownFileError
from service.files.receiving import Upload
from service.store.clock import now
from service.store.engine import writing
from service.store.tables import FILES

DAY_S = 86_400.0
BATCH, BATCH_OUTPUT = "batch", "batch_output"
"""What files are for, in OpenAI's words: to be answered, or what was answered."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is kept. Moments are seconds since 1970.

    stored : its name in the folder. owner : prefix of the key that sees it; None leaves it to administrators.
    """

    id: str
    filename: str
    stored: str
    purpose: str
    bytes: int
    who: str
    owner: str | None
    created_at: float
    expires_at: float


class Files:
    """The files of a service whose data is in a folder. Any number of processes may use it at once.

    seen_by : prefix of the key to which there are only its own files; None sees all.
    """

    def __init__(self, engine: Engine, data_dir: Path, seen_by: str | None = None) -> None:
        self._engine = engine
        self._seen_by = seen_by
        self.folder = data_dir / "files"

    def prepared(self) -> Path:
        """The folder, made if need be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def keep(
        self, upload: Upload, *, purpose: str, who: str, lifetime_s: float, owner: str | None = None
    ) -> StoredFile:
        """Keep an upload. It is visible when this returns, and lasts."""
        file_id = new_id("file-")
        stored = file_id + suffix_of(upload.filename)
        upload.sync()
        upload.aside.replace(self.folder / stored)
        sync_folder(self.folder)
        with writing(self._engine) as connection:
            row = {"id": file_id, "filename": upload.filename, "stored": stored, "purpose": purpose}
            return add_row(connection, row | {"bytes": upload.size, "who": who, "owner": owner}, lifetime_s)

    def get(self, file_id: str) -> StoredFile:
        """The file of this id. Raises UnknownFileError."""
        with self._engine.connect() as connection:
            return _get(connection, file_id, self._seen_by)

    def path(self, file: StoredFile) -> Path:
        """Where its bytes are."""
        return self.folder / file.stored

    def list(
        self, *, purpose: str | None = None, after: str | None = None, oldest_first: bool = False, limit: int
    ) -> tuple[Sequence[StoredFile], bool]:
        """Files in the order of their making, those behind `after`, and whether there are more.

        Raises UnknownFileError for `after`.
        """
        chosen = seen(select(FILES), FILES, self._seen_by).where(FILES.c.expires_at > now())
        if purpose is not None:
            chosen = chosen.where(FILES.c.purpose == purpose)
        with self._engine.connect() as connection:
            last = None if after is None else _get(connection, after, self._seen_by)
            rows = connection.execute(page_of(chosen, FILES, last, limit, oldest_first=oldest_first)).mappings().all()
        return [StoredFile(**row) for row in rows[:limit]], len(rows) > limit

    def delete(self, file_id: str) -> None:
        """Remove a file; batches over it go on with bytes of their own. Raises UnknownFileError."""
        with writing(self._engine) as connection:
            file = _get(connection, file_id, self._seen_by)
            connection.execute(delete(FILES).where(FILES.c.id == file_id))
        self.path(file).unlink(missing_ok=True)

    def remove_expired(self) -> int:
        """Remove what was kept long enough; how many files that was."""
        with writing(self._engine) as connection:
            gone = connection.scalars(delete(FILES).where(FILES.c.expires_at <= now()).returning(FILES.c.stored)).all()
        for stored in gone:
            (self.folder / stored).unlink(missing_ok=True)
        return len(gone)

    def known(self, stored: str) -> bool:
        """Whether there is a row for what the folder has under this name."""
        with self._engine.connect() as connection:
            return connection.execute(select(FILES.c.id).where(FILES.c.stored == stored)).first() is not None


def seen(chosen: Select[Any], table: Table, seen_by: str | None) -> Select[Any]:
    """Of the rows of a table, those that a key sees: its own; None sees all."""
    return chosen if seen_by is None else chosen.where(table.c.owner == seen_by)


def page_of(
    chosen: Select[Any], table: Table, last: Any | None, limit: int, *, oldest_first: bool = False
) -> Select[Any]:
    """The rows behind the last one, by the time of their making; one more than wanted tells that there are more."""
    created, row_id = table.c.created_at, table.c.id
    order = (created, row_id) if oldest_first else (created.desc(), row_id.desc())
    if last is not None:
        later = created > last.created_at if oldest_first else created < last.created_at
        behind = row_id > last.id if oldest_first else row_id < last.id
        chosen = chosen.where(or_(later, and_(created == last.created_at, behind)))
    return chosen.order_by(*order).limit(limit + 1)


def add_row(connection: Connection, row: dict[str, Any], lifetime_s: float) -> StoredFile:
    """Make a file visible whose bytes are there."""
    moments = {"created_at": now(), "expires_at": now() + lifetime_s}
    connection.execute(insert(FILES).values(row | moments))
    return _get(connection, row["id"], None)


def new_id(prefix: str) -> str:
    """An id that nobody guesses."""
    return prefix + secrets.token_hex(12)


def suffix_of(filename: str) -> str:
    """The end of a name that tells what a file holds; JSON Lines where it tells nothing.

    >>> suffix_of("Pages.CSV.gz"), suffix_of("requests")
    ('.csv.gz', '.jsonl')
    """
    form, packing = form_of(filename)
    return f".{form or Format.JSONL}" + (f".{packing}" if packing else "")


def _get(connection: Connection, file_id: str, seen_by: str | None) -> StoredFile:
    chosen = select(FILES).where(FILES.c.id == file_id, FILES.c.expires_at > now())
    row = connection.execute(seen(chosen, FILES, seen_by)).mappings().first()
    if row is None:
        raise UnknownFileError(f"There is no file {file_id[:100]!r}; GET /v1/files lists those there are")
    return StoredFile(**row)
