"""Files come out as labelled sections, for people and for programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from service.cli.classify import Form, form_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.versions import Registry
    from tests.service.cli.conftest import Run

LANMU = Path(sys.executable).with_name("lanmu")

PAGE = """新电池的能量密度
固态电解质取代了液体，离子在晶格的空位之间移动，因此同样的体积能装下更多的锂。

我认为厂商应该先说清楚成本，再谈什么革命；这样的宣传显然是在糊弄买家。

相关推荐
充电桩为什么总是坏？
三款电动车的冬季实测
"""
HTML = f"<!DOCTYPE html><html><head><title>电池</title></head><body><p>{'</p><p>'.join(PAGE.split())}</p></body></html>"


def answers(run: Run, *arguments: object, stdin: bytes | None = None) -> list[dict[str, Any]]:
    """What `lanmu classify --json` prints, one object for each file."""
    result = run("classify", "--json", *arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return [orjson.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("file", "text", "form"),
    [
        ("page.html", "没有标签", Form.HTML),
        ("PAGE.HTM", "没有标签", Form.HTML),
        ("page.txt", "<p>标签", Form.TEXT),
        ("-", "\n <!DOCTYPE html><html>", Form.HTML),
        ("-", "<?xml version='1.0'?><html>", Form.HTML),
        ("page", "<div class='a'>标签", Form.HTML),
        ("page", "<电池> 不是标签", Form.TEXT),
        ("page", "<preface> 不是标签", Form.TEXT),
        ("page", "", Form.TEXT),
    ],
)
def test_html_is_told_by_suffix_or_by_how_it_starts(file: str, text: str, form: Form) -> None:
    """The suffix decides where it tells; else the first element does."""
    assert form_of(file, text) is form


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
@pytest.mark.parametrize("content", [PAGE, HTML], ids=["text", "html"])
def test_sections_cover_the_text_exactly(
    run: Run, registry: Registry, tmp_path: Path, content: str, encoding: str
) -> None:
    """Offsets are those of the text that comes with them, whatever the file's encoding."""
    file = tmp_path / "page"
    file.write_bytes(content.encode(encoding))

    (answer,) = answers(run, file)

    bounds = [(section["start"], section["end"]) for section in answer["sections"]]
    assert "离子在晶格的空位之间移动" in answer["text"]
    assert (answer["file"], answer["model"]) == (str(file), registry.champion())
    assert [0, *(end for _, end in bounds)] == [*(start for start, _ in bounds), len(answer["text"])]


def test_several_files_are_answered_in_their_order(run: Run, registry: Registry, tmp_path: Path) -> None:
    """Standard input is one of them; each answer names its file and the version."""
    file = tmp_path / "空.txt"
    file.write_bytes(b"")

    found = answers(run, file, "-", stdin=PAGE.encode())

    assert [(answer["file"], answer["model"]) for answer in found] == [(str(file), "first"), ("-", "first")]
    assert found[0]["sections"] == []
    assert found[1]["text"] == PAGE
    assert registry.champion() == "first"


def test_evidence_comes_when_asked_for(run: Run, registry: Registry) -> None:
    """The words that decided are found in the text by their offsets."""
    assert registry.champion() == "first"
    (answer,) = answers(run, "-", "--evidence", stdin=PAGE.encode())

    words = [word for section in answer["sections"] for word in section["evidence"]]

    assert words
    assert all(answer["text"][word["start"] : word["end"]] == word["text"] for word in words)
    assert "evidence" not in answers(run, "-", stdin=PAGE.encode())[0]["sections"][0]


@pytest.mark.usefixtures("registry")
def test_a_person_gets_a_table(run: Run) -> None:
    """One row a section, without colours where it is no terminal that shows them."""
    output = run("classify", "-", stdin=PAGE.encode()).output

    lines = output.splitlines()
    assert lines[0] == "- (model first)"
    assert lines[1].split() == ["#", "label", "probability", "offsets", "starts", "with"]
    assert lines[2].split()[0] == "1"
    assert "\x1b" not in output


@pytest.mark.usefixtures("registry")
def test_a_form_can_be_forced(run: Run) -> None:
    """What is taken for text keeps its tags."""
    as_text, as_html = (answers(run, "-", form, stdin=HTML.encode())[0]["text"] for form in ("--text", "--html"))

    assert as_text == HTML
    assert "<p>" not in as_html


def test_without_a_champion_the_remedy_is_told(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty registry ends the command with what to do about it."""
    monkeypatch.setenv("LANMU_MODELS_DIR", str(tmp_path / "none"))

    result = run("classify", "-", stdin=b"")

    assert result.exit_code == 1
    assert result.output == f"Error: no champion in {tmp_path / 'none'}: train a version and promote it\n"


def test_ctrl_c_ends_without_a_traceback(press_ctrl_c: Callable[[subprocess.Popen[bytes]], int]) -> None:
    """The command ends with 130 and says nothing when it is interrupted while it waits for input."""
    command = [str(LANMU), "classify", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        # More than a pipe holds: once it is taken, the command is reading.
        process.stdin.write(b"x" * (1 << 20))
        process.stdin.flush()

        assert press_ctrl_c(process) == 130
        assert process.stderr.read().strip() == b""
