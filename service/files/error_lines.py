"""The file of errors as callers get it: their own name of the file, and OpenAI's form where they sent requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from service.batch.blocks import Fault
from service.batch.disk import written_aside
from service.batch.requests import batch_request_id

INVALID = "invalid_request"


def write_error_lines(errors: Path, target: Path, filename: str, *, requests: bool) -> None:
    """Write the lines of a batch's file of errors for the caller who named its input so."""
    with errors.open("rb") as lines, written_aside(target) as out:
        for line in lines:
            found: Fault = orjson.loads(line) | {"file": filename}
            out.write(orjson.dumps(_of_request(found) if requests else found, option=orjson.OPT_APPEND_NEWLINE))


def _of_request(found: Fault) -> dict[str, Any]:
    """What went wrong with a request. Beside OpenAI's fields, `line` has its number."""
    param = "custom_id" if found["field"] == "id" else found["field"]
    error = {"code": INVALID, "message": found["reason"], "param": param, "line": found["line"]}
    request_id = batch_request_id(found["id"], found["line"])
    return {"id": request_id, "custom_id": found["id"], "response": None, "error": error}
