"""A call as a curl line that can be pasted into a shell."""

from __future__ import annotations

import json
from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.desk.body import Body

FORM = "multipart/form-data"


def curl(method: str, url: str, body: Body | None = None, *, keyed: bool = False) -> str:
    """The call as a shell command; a body without an example sends a file.

    keyed : whether the call needs a key, taken from $LANMU_KEY.
    """
    parts = [_start(method, url, body)]
    if keyed:
        parts.append('-H "Authorization: Bearer $LANMU_KEY"')
    if body and body.media_type == FORM:
        parts.extend(f"-F {quote(f'{field.name}=…')}" for field in body.fields)
    elif body and body.media_type:
        parts.append(f"-H {quote(f'Content-Type: {body.media_type}')}")
        parts.append(f"--data-binary {quote(_one_line(body.example)) if body.example else '@FILE'}")
    return " \\\n  ".join(parts)


def _start(method: str, url: str, body: Body | None) -> str:
    implied = "post" if body else "get"
    return f"curl {quote(url)}" if method == implied else f"curl -X {method.upper()} {quote(url)}"


def _one_line(example: str) -> str:
    try:
        return json.dumps(json.loads(example), ensure_ascii=False)
    except ValueError:
        return example  # a body that is plain text
