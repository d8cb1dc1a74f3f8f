"""Files of records become files of answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.service.cli.conftest import Run

LANMU = Path(sys.executable).with_name("lanmu")

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


def objects(file: Path) -> list[dict[str, Any]]:
    """The JSON objects in a file."""
    return [orjson.loads(line) for line in file.read_bytes().splitlines()]


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
    """The exit code is 3, and the summary names the file in which each bad line stands with its number."""
    with source.open("a") as stream:
        stream.write('no JSON\n{"id": "last", "text": ""}\n')

    result = run("batch", source, tmp_path / "out")

    assert result.exit_code == 3
    assert f"1 bad lines in {tmp_path / 'out.errors.jsonl'}" in result.stderr
    assert objects(tmp_path / "out")[-1]["id"] == "last"
    assert objects(tmp_path / "out.errors.jsonl")[0]["line"] == 6


@pytest.mark.usefixtures("registry")
def test_nothing_is_replaced_unless_told_so(run: Run, source: Path, tmp_path: Path) -> None:
    """An output that is there stops the batch before it starts; --force replaces it."""
    target = tmp_path / "out"
    target.write_text("precious")

    refused = run("batch", source, target)

    assert (refused.exit_code, "is there already; --force replaces it" in refused.output) == (2, True)
    assert target.read_text() == "precious"
    assert run("batch", "--force", source, target).exit_code == 0
    assert len(objects(target)) == len(RECORDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in.jsonl", "in.jsonl"], "have to be three files"),
        (["in.jsonl", "out", "--errors", "out"], "have to be three files"),
        (["in.jsonl", "none/out"], "there is no folder 'none'; make it first"),
        (["in.jsonl", "/dev/null"], "'/dev/null' is no regular file"),
        (["in.jsonl", "-"], "'-' cannot be that; name a file"),
        (["in.gz", "out"], "'in.gz' looks like .gz, and only JSON Lines are read"),
    ],
    ids=["same file", "errors in the answers", "no folder", "device", "standard output", "compressed"],
)
def test_files_that_cannot_work_are_refused(
    run: Run, source: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    """The error names the file, before anything is read."""
    monkeypatch.chdir(source.parent)
    Path("in.gz").touch()

    result = run("batch", *arguments)

    assert (result.exit_code, message in result.output) == (2, True)


@pytest.mark.usefixtures("registry")
def test_standard_input_is_read(run: Run, source: Path, tmp_path: Path) -> None:
    """Compressed files come in through a pipe."""
    result = run("batch", "-", tmp_path / "out", stdin=source.read_bytes())

    assert result.exit_code == 0, result.output
    assert len(objects(tmp_path / "out")) == len(RECORDS)


@pytest.mark.usefixtures("registry")
def test_ctrl_c_leaves_no_part_of_the_output(
    source: Path, tmp_path: Path, press_ctrl_c: Callable[[subprocess.Popen[bytes]], int]
) -> None:
    """A batch that is interrupted ends with 130, without a traceback, and leaves no file behind."""
    before = sorted(tmp_path.iterdir())
    command = [str(LANMU), "batch", "-", str(tmp_path / "out")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        for _ in range(1000):
            process.stdin.write(source.read_bytes())
        process.stdin.flush()

        assert press_ctrl_c(process) == 130
        assert process.stderr.read().strip() == b""
    assert sorted(tmp_path.iterdir()) == before
