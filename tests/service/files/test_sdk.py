"""OpenAI's SDK against a real server: files and batches from upload to download."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from openai import ConflictError, NotFoundError, UnprocessableEntityError

from tests.service.files.calls import ANALYSIS, LONG, OPINION, TEASER, TEXTS, Caller, many, requests


def test_moderations_are_answered_as_one_by_one(caller: Caller) -> None:
    """Each line of the output has the answer of POST /v1/moderations, in order; the counts say what became of all."""
    bodies: list[dict[str, Any]] = [{"input": text} for text in TEXTS] + [{"input": list(TEXTS), "evidence": True}]

    batch = caller.over(caller.order(b"\n".join(requests(bodies, "/v1/moderations")), "/v1/moderations"))

    answers = caller.lines(batch.output_file_id)
    alone = [caller.post("/moderations", body=body, cast_to=object) for body in bodies]
    assert ("completed", None) == (batch.status, batch.error_file_id)
    assert [f"r-{number}" for number in range(4)] == [answer["custom_id"] for answer in answers]
    assert [one["results"] for one in alone] == [answer["response"]["body"]["results"] for answer in answers]  # type: ignore[index] # parsed JSON
    assert {200} == {answer["response"]["status_code"] for answer in answers}
    assert batch.request_counts is not None
    assert (4, 4, 0) == (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed)


def test_classify_is_answered_too(caller: Caller) -> None:
    """With the fields of POST /v1/classify, `data_id` among them."""
    bodies: list[dict[str, Any]] = [{"text": OPINION, "data_id": "mine"}, {"texts": [TEASER, ANALYSIS]}]

    batch = caller.over(caller.order(b"\n".join(requests(bodies, "/v1/classify")), "/v1/classify"))

    first, second = [answer["response"]["body"] for answer in caller.lines(batch.output_file_id)]
    assert ("mine", batch.model, "opinion") == (first["data_id"], first["model"], first["results"][0]["label"])
    assert ["recommendation_teaser", "tech_analysis"] == [each["label"] for each in second["results"]]


def test_bad_lines_go_to_the_error_file(caller: Caller) -> None:
    """Each with its line, its custom_id where it has one, and what is wrong; an id that came before is named, too."""
    good, other = requests([{"input": OPINION}, {"input": TEASER}], "/v1/moderations")
    deep = b'{"custom_id": "deep", "method": "POST", "url": "/v1/moderations", "body": ' + b"[" * 10_000
    lines = [
        good,
        b"{broken",
        b'{"custom_id": 7}',
        b'{"custom_id": "a", "method": "GET", "url": "/v1/moderations", "body": {}}',
        b'{"custom_id": "b", "method": "POST", "url": "/v1/classify", "body": {}}',
        b'{"custom_id": "c", "method": "POST", "url": "/v1/moderations", "body": {"input": [7]}}',
        b'{"custom_id": "d", "method": "POST", "url": "/v1/moderations"}',
        "显然".encode("gbk"),
        deep,
        b"",
        other,
        other,
    ]

    batch = caller.over(caller.order(b"\n".join(lines), "/v1/moderations"))

    errors, answers = caller.lines(batch.error_file_id), caller.lines(batch.output_file_id)
    assert ["r-0", "r-1", "r-1"] == [answer["custom_id"] for answer in answers]
    assert answers[-1]["id"] == errors[-1]["id"]
    assert [2, 3, 4, 5, 6, 7, 8, 9, 12] == [each["error"]["line"] for each in errors]
    assert [None, None, "a", "b", "c", "d", None, None, "r-1"] == [each["custom_id"] for each in errors]
    params = [each["error"]["param"] for each in errors]
    assert [None, "custom_id", "method", "url", "body.input[0]", "body", None, None, "custom_id"] == params
    assert batch.request_counts is not None
    assert (11, 3, 8) == (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed)


def _csv() -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([("id", "text"), *((number, text) for number, text in enumerate(TEXTS))])
    return stream.getvalue().encode()


def _jsonl() -> bytes:
    return b"\n".join(json.dumps({"id": number, "text": text}).encode() for number, text in enumerate(TEXTS))


def _parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": ["0", "1", "2"], "text": list(TEXTS)}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("texts.csv.gz", lambda: gzip.compress(_csv())),
        ("texts.jsonl.zst", lambda: zstandard.compress(_jsonl())),
        ("texts.parquet", _parquet),
    ],
)
def test_plain_records_are_read_by_the_files_name(caller: Caller, name: str, content: Callable[[], bytes]) -> None:
    """JSON Lines where `records` says so, CSV and Parquet in any case; the output may have another format."""
    batch = caller.order(content(), "/v1/classify", name, records={"format": "jsonl", "answers": "labels"})

    answers = caller.lines(caller.over(batch).output_file_id)

    assert ["opinion", "recommendation_teaser", "tech_analysis"] == [each["label"] for each in answers]
    assert ["0", "1", "2"] == [str(each["id"]) for each in answers]


def test_a_table_is_answered_by_a_table(caller: Caller) -> None:
    """CSV gives CSV unless told otherwise, and Parquet gives Parquet; bad rows are told with the uploaded name."""
    bad = _csv() + b"3,a,b\n"
    first = caller.over(caller.order(bad, "/v1/classify", "texts.csv"))
    second = caller.over(caller.order(_parquet(), "/v1/classify", "texts.parquet"))

    table = pq.read_table(io.BytesIO(caller.content(second.output_file_id)))
    rows = list(csv.DictReader(io.StringIO(caller.content(first.output_file_id).decode())))
    (error,) = caller.lines(first.error_file_id)
    assert ["opinion", "recommendation_teaser", "tech_analysis"] == [row["label"] for row in rows]
    assert ["opinion", "recommendation_teaser", "tech_analysis"] == table.column("label").to_pylist()
    assert ("texts.csv", 5) == (error["file"], error["line"])


@pytest.mark.parametrize(
    ("endpoint", "name", "records", "param"),
    [
        ("/v1/moderations", "a.csv", None, "endpoint"),
        ("/v1/chat/completions", "a.jsonl", None, "endpoint"),
        ("/v1/classify", "a.warc", None, "input_file_id"),
        ("/v1/classify", "a.csv", {"rows": "record"}, "records.rows"),
        ("/v1/classify", "a.csv", {"keep": ["opinion"], "drop": ["none"]}, "records.drop"),
        ("/v1/classify", "a.csv", {"fields": {"id": "text"}}, "records.fields"),
        ("/v1/classify", "a.csv", {"answers": "some"}, "records.answers"),
        ("/v1/classify", "a.csv", {"keep": ["opinion", "opinon"]}, "records.keep"),
        ("/v1/classify", "a.csv", {"drop": ["Opinion"]}, "records.drop"),
    ],
)
def test_an_order_that_cannot_be_is_refused(
    caller: Caller, endpoint: Any, name: str, records: dict[str, Any] | None, param: str
) -> None:
    """422 before anything is queued, with the field that is wrong."""
    before = [batch.id for batch in caller.batches.list()]

    with pytest.raises(UnprocessableEntityError) as refused:
        caller.order(b"id,text\n", endpoint, name, **({} if records is None else {"records": records}))

    assert param == refused.value.param
    assert before == [batch.id for batch in caller.batches.list()]


def test_a_batch_over_a_file_that_is_not_there_is_refused(caller: Caller) -> None:
    """422, with the field."""
    with pytest.raises(UnprocessableEntityError, match="no file 'file-7'") as refused:
        caller.batches.create(input_file_id="file-7", endpoint="/v1/moderations", completion_window="24h")

    assert "input_file_id" == refused.value.param


def test_a_batch_that_runs_is_cancelled_with_what_it_has(caller: Caller) -> None:
    """The output holds whole lines from the first on; the counts say how many."""
    batch = caller.order(many(LONG), "/v1/moderations")
    while not batch.request_counts or batch.request_counts.completed == 0:
        batch = caller.batches.retrieve(batch.id)

    asked = caller.batches.cancel(batch.id)
    ended = caller.over(asked)

    assert ("cancelling", "cancelled") == (asked.status, ended.status)
    assert ended.request_counts is not None
    answered = caller.lines(ended.output_file_id)
    assert 0 < ended.request_counts.completed == len(answered) < ended.request_counts.total == LONG
    assert "r-0" == answered[0]["custom_id"]
    with pytest.raises(ConflictError, match="is cancelled already"):
        caller.batches.cancel(ended.id)


def test_a_file_that_is_deleted_disturbs_no_batch(caller: Caller) -> None:
    """Its batch was ordered and reads on; the file itself is gone at once."""
    batch = caller.order(many(20_000), "/v1/moderations")
    assert caller.files.delete(batch.input_file_id).deleted

    with pytest.raises(NotFoundError):
        caller.files.retrieve(batch.input_file_id)
    ended = caller.over(batch)
    assert ended.request_counts is not None
    assert ("completed", 20_000) == (ended.status, ended.request_counts.completed)


def test_files_are_listed_page_by_page(caller: Caller) -> None:
    """The SDK turns the pages by itself; the newest come first unless asked otherwise."""
    made = [caller.upload(b"{}\n", f"{number}.jsonl").id for number in range(3)]

    newest = [file.id for file, _ in zip(caller.files.list(limit=2, purpose="batch"), made, strict=False)]
    every = [file.id for file in caller.files.list(limit=2, order="asc")]

    assert made[::-1] == newest
    assert made == every[-3:]
    assert len(every) == len(set(every))


def test_batches_are_listed_page_by_page(caller: Caller) -> None:
    """The newest first."""
    made = [caller.order(b"", "/v1/moderations").id for _ in range(3)]

    listed = [batch.id for batch in caller.batches.list(limit=2)]

    assert made[::-1] == listed[:3]
    assert len(listed) == len(set(listed))


def test_what_is_not_there_is_a_not_found_error(caller: Caller) -> None:
    """For files, their content and batches, with a message that says where to look."""
    for call in (caller.files.retrieve, caller.files.content, caller.files.delete, caller.batches.retrieve):
        with pytest.raises(NotFoundError, match="lists those there are"):
            call("no-such-thing")


def test_metadata_comes_back(caller: Caller) -> None:
    """As it was given, with the version and the policy that were pinned."""
    file = caller.upload(b"")
    batch = caller.batches.create(
        input_file_id=file.id, endpoint="/v1/moderations", completion_window="24h", metadata={"team": "语料"}
    )

    found = caller.batches.retrieve(batch.id)

    assert {"team": "语料"} == found.metadata
    assert (batch.model, 0) == (found.model, (found.model_extra or {})["policy"])
