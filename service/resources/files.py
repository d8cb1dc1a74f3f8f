"""/v1/files and below: files for batches, and files that batches made, as OpenAI's SDK expects them."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import gevent
from flask import Blueprint, Response, request, send_file
from gunicorn.http.errors import ParseException
from pydantic import ValidationError
from werkzeug.exceptions import ClientDisconnected

from service.auth import caller, owner, requires, seen_by
from service.body import READING, read_query, refuse_media_type
from service.errors import Problem
from service.file_schemas import DeletedFileAnswer, FileAnswer, FileForm, FileListAnswer, FileListQuery
from service.files import (
    FileRefusedError,
    Files,
    FileTooLargeError,
    Limits,
    StoredFile,
    UnknownFileError,
    Upload,
    receive,
)
from service.files.keeping import DAY_S
from service.keys import Scope
from service.offload import compute
from service.openapi import describe
from service.parts import parts
from service.reply import send
from service.watchdog import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

blueprint = Blueprint("files", __name__)

FORM = "multipart/form-data"
BYTES = "application/octet-stream"
HEADS = 1 << 20
"""Bytes that a form may have beside its file."""
MEBIBYTE = 1 << 20
NO_LIMIT = 1 << 62
"""`service.files` holds uploads to their limits itself; werkzeug's would be that of other bodies."""


@blueprint.post("/v1/files")
@describe("Upload a file for a batch", form=FileForm, gives=FileAnswer)
@requires(Scope.BATCH)
def upload_file() -> Response:
    """Write the file to disk as it comes in, and keep it."""
    if request.mimetype != FORM:
        refuse_media_type(FORM)
    if not (boundary := request.mimetype_params.get("boundary", "")):
        raise Problem(HTTPStatus.BAD_REQUEST, f"The Content-Type {FORM} names no boundary")
    files, limits = _files(), _limits()
    if (request.content_length or 0) > limits.stored + HEADS:
        detail = f"The file is larger than {limits.stored} bytes (LANMU_MAX_FILE_BYTES): send it in parts"
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, pointer="/file")
    with _refusals(), receive(_Body(), boundary.encode(), files.prepared(), limits, _Breath()) as upload:
        form = _form(upload)
        compute(upload.size, upload.sync)  # the disk may take its time
        kept = files.keep(
            upload, purpose=form.purpose, who=caller(), owner=owner(), lifetime_s=lifetime_s(form.seconds)
        )
    return send(_told(kept))


@blueprint.get("/v1/files")
@describe("List the files", gives=FileListAnswer, query=FileListQuery)
@requires(Scope.BATCH)
def list_files() -> Response:
    """Some of the files."""
    asked = read_query(FileListQuery)
    found, more = _files().list(
        purpose=asked.purpose, after=asked.after, oldest_first=asked.order == "asc", limit=asked.limit
    )
    return send(listed([_told(file) for file in found], more=more))


@blueprint.get("/v1/files/<file>")
@describe("Show a file", gives=FileAnswer)
@requires(Scope.BATCH)
def show_file(file: str) -> Response:
    """One file."""
    return send(_told(_files().get(file)))


@blueprint.get("/v1/files/<file>/content")
@describe("Download a file", gives=BYTES)
@requires(Scope.BATCH)
def download_file(file: str) -> Response:
    """The bytes, streamed; parts of them where a Range asks for it."""
    files = _files()
    found = files.get(file)
    try:
        return send_file(files.path(found), BYTES, as_attachment=True, download_name=found.filename)
    except FileNotFoundError as error:  # deleted a moment ago
        raise UnknownFileError(f"The file {file!r} was deleted") from error


@blueprint.delete("/v1/files/<file>")
@describe("Delete a file", gives=DeletedFileAnswer)
@requires(Scope.BATCH)
def delete_file(file: str) -> Response:
    """Remove a file; a batch that reads it goes on."""
    _files().delete(file)
    return send({"id": file, "object": "file", "deleted": True})


def listed(data: list[dict[str, Any]], *, more: bool) -> dict[str, Any]:
    """A list in OpenAI's form."""
    ends = {"first_id": data[0]["id"] if data else None, "last_id": data[-1]["id"] if data else None}
    return {"object": "list", "data": data, **ends, "has_more": more}


def lifetime_s(wanted: int | None) -> float:
    """How long a file is kept, in seconds."""
    longest = parts().settings.keep_files_days * DAY_S
    return longest if wanted is None else min(wanted, longest)


def _files() -> Files:
    return Files(parts().engine, parts().settings.data_dir, seen_by())


def _limits() -> Limits:
    return Limits(parts().settings.max_file_bytes, parts().settings.max_unpacked_bytes)


def _form(upload: Upload) -> FileForm:
    try:
        return FileForm.model_validate(upload.fields | {"file": upload.filename})
    except ValidationError as error:
        found = error.errors()[0]
    raise FileRefusedError(found["msg"], str(found["loc"][0]))


class _Body:
    """The request's body, as it comes in."""

    def __init__(self) -> None:
        request.max_content_length = NO_LIMIT
        self._stream = request.stream

    def read(self, size: int) -> bytes:
        """Up to so many bytes. Raises Problem where the client went away."""
        request.environ[READING] = True
        try:
            piece = self._stream.read(size)
        except (ClientDisconnected, ParseException, OSError) as error:
            raise Problem(HTTPStatus.BAD_REQUEST, f"The body did not arrive whole: {error}", pointer="") from error
        request.environ[READING] = False
        return piece


class _Breath:
    """Gives other requests their turn after every piece, and this one new time after every mebibyte."""

    def __init__(self) -> None:
        self._again_at = MEBIBYTE
        self._again = request.environ.get(PATIENCE, lambda: None)

    def __call__(self, size: int) -> None:
        """A piece was taken in."""
        if size >= self._again_at:
            self._again_at = size + MEBIBYTE
            self._again()
        gevent.sleep(0)


@contextmanager
def _refusals() -> Iterator[None]:
    """What is wrong with an upload, as problems."""
    try:
        yield
    except FileTooLargeError as error:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error), pointer="/file") from error
    except FileRefusedError as error:
        status = HTTPStatus.BAD_REQUEST if error.param is None else HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem(status, str(error), pointer=f"/{error.param or ''}") from error


def _told(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.bytes,
        "created_at": int(file.created_at),
        "expires_at": int(file.expires_at),
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
    }
