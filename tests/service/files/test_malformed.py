"""A thousand malformed lines and hundreds of malformed forms: an error line or a 4xx each, and nothing is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.service.files.calls import MEBIBYTE, TEXTS, Caller, requests
from tests.small_disk import fill, small_disk

CHANCE = random.Random(20261123)  # noqa: S311 - no secret
LINES = 1000
FORMS = 400
BOUNDARY = b"malformed"
FORM = (
    b'--malformed\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
    b'--malformed\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n'
    b"Content-Type: application/jsonl\r\n\r\n{}\n\r\n--malformed--\r\n"
)
CONTENT_TYPE = "multipart/form-data; boundary=malformed"


def broken(content: bytes, *, ends: bytes = b"") -> bytes:
    """The same with something wrong, most often; `ends` are bytes that are not put in."""
    at, kind = CHANCE.randrange(len(content)), CHANCE.randrange(5)
    if kind == 0:
        return content[:at]
    if kind == 1:
        return (
            content[:at] + bytes(CHANCE.choices([each for each in range(256) if each not in ends], k=3)) + content[at:]
        )
    if kind == 2:
        return content[:at] + b"\x00" * 5 + content[at + 5 :]
    if kind == 3:
        return content[at:] + content[:at]
    return content[:at] + content[at : at + 9] * 50 + content[at:]


def test_each_of_a_thousand_lines_ends_in_an_answer_or_an_error(caller: Caller) -> None:
    """None is lost, and those that are right among them are answered."""
    right = requests(({"input": text} for text in TEXTS * (LINES // 2)), "/v1/moderations")[: LINES // 2]
    wrong = [broken(line, ends=b"\n") or b"0" for line in right]
    lines = [line for pair in zip(right, wrong, strict=True) for line in pair]

    batch = caller.over(caller.order(b"\n".join(lines), "/v1/moderations"))

    answers = [answer["custom_id"] for answer in caller.lines(batch.output_file_id)]
    errors = [each["error"] for each in caller.lines(batch.error_file_id)]
    bad = [each["line"] for each in errors if "both are answered" not in each["message"]]
    assert ("completed", LINES) == (batch.status, len(answers) + len(bad))
    assert {f"r-{number}" for number in range(LINES // 2)} <= set(answers)
    assert len(bad) > LINES / 5
    assert set(bad) <= set(range(2, LINES + 1, 2))


def test_each_malformed_form_is_taken_or_refused(make_app: Callable[..., Flask]) -> None:
    """Never a failure of the service; what was refused leaves nothing on the disk."""
    client = make_app().test_client()

    answers = [client.post("/v1/files", data=broken(FORM), content_type=CONTENT_TYPE) for _ in range(FORMS)]

    assert {answer.status_code for answer in answers} <= {200, 400, 413, 415, 422}
    taken = [answer for answer in answers if answer.status_code == 200]
    assert 0 < len(taken) < FORMS
    assert len(taken) == len(list(folder_of(client).iterdir()))


def folder_of(client: FlaskClient) -> Path:
    """Where an application keeps files."""
    data_dir: Path = client.application.extensions["lanmu"].settings.data_dir
    return data_dir / "files"


def test_an_upload_to_a_full_disk_is_told(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """507 with words that say so; nothing is left, and with room again it works."""
    with small_disk(tmp_path / "disk", MEBIBYTE) as disk:
        client = make_app(data_dir=disk, database_url=f"sqlite:///{tmp_path / 'lanmu.db'}").test_client()
        large = FORM.replace(b"{}", b"x" * 100_000)
        filler = fill(disk, 50_000)

        refused = client.post("/v1/files", data=large, content_type=CONTENT_TYPE)
        left = list(folder_of(client).iterdir())
        filler.unlink()
        taken = client.post("/v1/files", data=large, content_type=CONTENT_TYPE)

    assert (507, 200) == (refused.status_code, taken.status_code)
    assert "no room for the file" in refused.get_json()["error"]["message"]
    assert [] == left


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"input_file_id": "\\ud800"}', b"\xff", b"", b"null"])
def test_a_malformed_order_is_refused(make_app: Callable[..., Flask], body: bytes) -> None:
    """Deep, half a character, not UTF-8, nothing, no object: 400 or 422, in OpenAI's form."""
    answer = make_app().test_client().post("/v1/batches", data=body, content_type="application/json")

    assert answer.status_code in {400, 422}
    assert answer.get_json()["error"]["message"]
