"""Problems in OpenAI's form, for the routes that its SDK calls."""

from __future__ import annotations

import re
from http import HTTPStatus

PREFIXES = ("/v1/moderations", "/v1/files", "/v1/batches")
_TYPES = {
    HTTPStatus.UNAUTHORIZED: "authentication_error",
    HTTPStatus.FORBIDDEN: "permission_error",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
}


def in_openai_form(path: str) -> bool:
    """Whether errors at this path have OpenAI's form.

    >>> in_openai_form("/v1/files/file-7"), in_openai_form("/v1/filesystem")
    (True, False)
    """
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)


def openai_error(status: HTTPStatus, detail: str, pointer: str | None, request_id: str) -> dict[str, object]:
    """A problem in OpenAI's form."""
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    return {
        "error": {
            "message": detail,
            "type": _TYPES.get(status, kind),
            "param": None if pointer is None else param_of(pointer),
            "code": status.phrase.lower().replace(" ", "_"),
        },
        "request_id": request_id,
    }


def param_of(pointer: str) -> str | None:
    """A JSON pointer as OpenAI names places in a body.

    >>> param_of("/input/3/text")
    'input[3].text'
    """
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", ".".join(steps)) or None
