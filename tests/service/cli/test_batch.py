"""Files of records become files of answers."""

from __future__ import annotations

import gzip
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.service.batch.files import objects
from tests.service.batch.ledgers import ledger_lines, unfinished_ledger
from tests.service.batch.processes import LANMU, children, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.cli.conftest import Run

TEXT = "固态电解质取代了液体，离子在晶格的空位之间移动。"
RECORDS: list[dict[str, Any]] = [
    {"id": "p", "page": f"新电池\n{TEXT}\n\n相关推荐\n充电桩为什么总是坏？\n"},
    {"id": "t", "text": TEXT},
    {"id": 3, "html": f"<h1>新电池</h1><p>{TEXT}</p>"},
    {"id": "s", "sections": [TEXT, "", "我认为这样的宣传显然是在糊弄买家。"]},
    {"id": "", "text": ""},
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file with a record of each kind."""
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in RECORDS))
    return file


@pytest.mark.usefixtures("registry")
def test_every_kind_of_record_is_answered(run: Run, source: Path, tmp_path: Path) -> None:
    """Answers stand in the order of the records, with their ids and the version that gave them."""
    result = run("batch", source, tmp_path / "out")

    page, text, html, sections, empty = objects(tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert [page["id"], text["id"], html["id"], sections["id"], empty["id"]] == ["p", "t", 3, "s", ""]
    assert {answer["model"] for answer in (page, text, html, sections, empty)} == {"first"}
    assert (len(sections["sections"]), page["sections"][-1]["end"]) == (3, len(RECORDS[0]["page"]))
    assert (TEXT in html["text"], "text" in page) == (True, False)
    assert (empty["label"], empty["abstain_reason"]) == (None, "empty")


@pytest.mark.usefixtures("registry")
def test_a_text_gets_the_same_answer_as_by_itself(run: Run, source: Path, tmp_path: Path) -> None:
    """What else is in the batch changes no answer."""
    alone = tmp_path / "alone.jsonl"
    alone.write_bytes(orjson.dumps(RECORDS[1]))

    run("batch", source, tmp_path / "out")
    run("batch", alone, tmp_path / "out of one")

    assert objects(tmp_path / "out of one") == [objects(tmp_path / "out")[1]]


@pytest.mark.usefixtures("registry")
def test_bad_lines_are_told_and_the_rest_is_answered(run: Run, source: Path, tmp_path: Path) -> None:
    """The exit code is 3, and the summary counts records, sections and labels and names the file of errors."""
    with source.open("a") as stream:
        stream.write('no JSON\n{"id": "last", "text": ""}\n')

    result = run("batch", source, tmp_path / "out")

    assert result.exit_code == 3, result.output
    assert f"6 records answered in {tmp_path / 'out'}" in result.stderr
    assert re.search(r"\d+ sections: .*\d+ none", result.stderr)
    assert f"1 error in {tmp_path / 'out.errors.jsonl'}" in result.stderr
    assert objects(tmp_path / "out")[-1]["id"] == "last"
    assert objects(tmp_path / "out.errors.jsonl")[0]["line"] == 6


@pytest.mark.usefixtures("registry")
def test_formats_fields_and_shapes_can_be_chosen(run: Run, tmp_path: Path) -> None:
    """A table with names of its own becomes a packed table with a row a section; --verify finds it whole."""
    source, target = tmp_path / "in.csv", tmp_path / "out.csv.gz"
    source.write_text(f"url,body\na,{TEXT}\n")
    options = ["--id-field", "url", "--page-field", "body", "--answers", "labels"]

    done = run("batch", source, target, *options)
    verified = run("batch", source, target, *options, "--verify")

    assert done.exit_code == 0, done.output
    header, row = gzip.decompress(target.read_bytes()).decode().splitlines()
    assert (header, row.split(",")[:2]) == ("id,model,section,start,end,label", ["a", "first"])
    assert (verified.exit_code, "is whole" in verified.stderr) == (0, True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("out.txt", "OUT ends in '.txt': writing JSON Lines\n"),
        ("out.TSV.gz", "OUT ends in '.TSV': writing JSON Lines\n"),
        ("out", ""),
        ("out.gz", ""),
        ("out.json", ""),
        ("out.csv", ""),
    ],
)
@pytest.mark.usefixtures("registry")
def test_an_ending_that_is_not_known_is_told(run: Run, source: Path, tmp_path: Path, name: str, told: str) -> None:
    """A line says that JSON Lines are written, and the exit code stays; --verify writes nothing and says nothing."""
    result = run("batch", source, tmp_path / name)
    verified = run("batch", source, tmp_path / name, "--verify")

    said = "".join(line for line in result.stderr.splitlines(keepends=True) if line.startswith("OUT ends"))
    assert (0, told) == (result.exit_code, said), result.output
    assert (0, False) == (verified.exit_code, "OUT ends" in verified.stderr)


@pytest.mark.usefixtures("registry")
def test_an_output_that_was_changed_is_not_verified(run: Run, source: Path, tmp_path: Path) -> None:
    """--verify says what is wrong, and the exit code is 1."""
    run("batch", source, tmp_path / "out")
    with (tmp_path / "out").open("a") as stream:
        stream.write("\n")

    result = run("batch", source, tmp_path / "out", "--verify")

    assert (result.exit_code, "bytes; " in result.output) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["in.jsonl", "in.jsonl"], (1, "have to be different files")),
        (["in.jsonl", "out", "--errors", "out"], (1, "have to be different files")),
        (["in.jsonl", "none/out"], (1, "there is no folder 'none'; make it first")),
        (["in.jsonl", "/dev/null"], (1, "'/dev/null' is no regular file")),
        (["in.jsonl", "-"], (2, "'-' cannot be that; name a file")),
        (["in.jsonl"], (2, "only 'in.jsonl' is named: name IN and OUT, the file that the answers shall go to")),
        ([], (2, "IN and OUT are missing: name the records, and the file")),
        (["missing.jsonl", "out"], (1, "no file is meant by 'missing.jsonl'")),
        (["in.jsonl", "out.warc"], (2, "would be WARC, which is only read")),
        (["in.jsonl", "out.csv", "--rows", "record"], (2, "cannot hold a page's sections")),
        (["in.jsonl", "out", "--keep", "a", "--drop", "b"], (2, "--keep and --drop exclude each other")),
        (["in.jsonl", "out", "--keep", "opinoin"], (1, "no label 'opinoin'")),
        (["in.jsonl", "out", "--id-field", "text"], (2, "two of the fields have the same name")),
        (["in.jsonl", "out", "--text-field", ""], (2, "the name of a field is empty")),
        (["in.jsonl", "."], (2, "'.' names no file to write to")),
        (["in.jsonl", "s3://bucket"], (2, "'s3://bucket' names no file to write to")),
        (["in.jsonl", "s3://bucket/"], (2, "'s3://bucket/' names no file to write to")),
        (["in.jsonl", "out", "--keep", " ,"], (2, "name labels with commas between them")),
        (["ftp://host/in.jsonl", "out"], (1, "'ftp://host/in.jsonl' cannot be opened")),
        (["in.jsonl", "out", "--work", "/proc/none"], (1, "No such file or directory: '/proc/none'\n")),
        (["in.jsonl", "out", "--address", "auto"], (2, "add --engine ray")),
        (["in.jsonl", "out", "--model", "third"], (1, "no version 'third'")),
        (["in.jsonl", "out", "--verify"], (1, "the batch is not finished")),
    ],
    ids=[
        "same file", "errors in the answers", "no folder", "device", "standard output",
        "no output named", "nothing named", "no input", "WARC out",
        "nested CSV", "keep and drop", "no such label", "fields twice",
        "field without a name", "folder", "bucket", "folder of a bucket", "no label", "no such store", "no work folder",
        "address", "no such version", "verify nothing",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("registry")
def test_what_cannot_work_is_refused(
    run: Run, source: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], refusal: tuple[int, str]
) -> None:
    """The error names the file or the option, before anything is read."""
    code, message = refusal
    monkeypatch.chdir(source.parent)

    result = run("batch", *arguments)

    assert (result.exit_code, message in result.output) == (code, True), result.output


@pytest.mark.usefixtures("registry")
def test_standard_input_is_read(run: Run, source: Path, tmp_path: Path) -> None:
    """Other programs may write what is to be answered."""
    result = run("batch", "-", tmp_path / "out", stdin=source.read_bytes())

    assert result.exit_code == 0, result.output
    assert len(objects(tmp_path / "out")) == len(RECORDS)


@pytest.mark.usefixtures("registry")
def test_ctrl_c_ends_cleanly_and_the_same_command_goes_on(
    tmp_path: Path, press_ctrl_c: Callable[[subprocess.Popen[bytes]], int]
) -> None:
    """It ends with 130, says how to go on, leaves no process, and shows nothing of the output before all is done."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out"
    source.write_bytes(b"".join(orjson.dumps({"id": n, "text": TEXT}) + b"\n" for n in range(60_000)))
    command = [str(LANMU), "batch", str(source), str(target), "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        wait_until(lambda: bool(ledger_lines(unfinished_ledger(target))), process)
        workers = children(process.pid)

        assert press_ctrl_c(process) == 130
        assert b"the same command goes on with it" in process.stderr.read()
    assert not target.exists()
    assert [] == [pid for pid in workers if Path(f"/proc/{pid}").exists()]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert re.search(r"60000 records answered .*, \d+ of them by an earlier run", done.stderr)
    assert list(range(60_000)) == [answer["id"] for answer in objects(target)]
