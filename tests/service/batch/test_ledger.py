"""An unfinished batch is gone on with as long as it is the same, and is refused where it is not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import orjson
import pytest

from models.versions import Registry, read_version, write_version
from service.batch.errors import BatchError, CancelledError, ChangedError
from service.batch.job import Fields
from service.batch.ledger import Ledger
from service.batch.run import run_batch
from tests.service.batch.files import objects, write_objects

if TYPE_CHECKING:
    from pathlib import Path

    from service.batch.job import Batch
    from tests.service.batch.conftest import Here, MakeBatch
    from training.train import Trained

LINES = 20_000
"""Three blocks."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Records for three blocks."""
    return write_objects(tmp_path / "in.jsonl", *({"id": n, "text": ""} for n in range(LINES)))


def begin(batch: Batch, here: Here) -> None:
    """Run a batch and stop it after its first block."""
    with pytest.raises(CancelledError):
        run_batch(batch, engine=here, cancelled=lambda: len(here.seen) > 1)
    here.seen.clear()


@pytest.mark.parametrize("at", [0, LINES // 3], ids=["in what is done", "in the next block's place"])
def test_a_changed_input_is_refused_unless_told(
    at: int, source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """What was answered is compared with what is there now; --restart begins anew."""
    begin(make_batch(source), here)
    lines = source.read_bytes().splitlines(keepends=True)
    lines[at] = lines[at].replace(b'""', b'"x"')
    source.write_bytes(b"".join(lines))

    with pytest.raises(ChangedError, match="begin anew with --restart"):
        run_batch(make_batch(source), engine=here)
    run_batch(make_batch(source, restart=True), engine=here)

    assert LINES == len(objects(tmp_path / "out.jsonl"))


def test_an_input_of_the_same_size_is_compared_byte_by_byte(source: Path, make_batch: MakeBatch, here: Here) -> None:
    """A file that was edited without growing is noticed by its content."""
    begin(make_batch(source), here)
    source.write_bytes(source.read_bytes().replace(b'{"id":7,', b'{"id":8,', 1))

    with pytest.raises(ChangedError, match="from line 1 is not what it was"):
        run_batch(make_batch(source), engine=here)


def test_other_options_are_refused_by_name(source: Path, make_batch: MakeBatch, here: Here) -> None:
    """A batch does not change its fields on the way."""
    begin(make_batch(source), here)

    with pytest.raises(ChangedError, match="had other fields"):
        run_batch(make_batch(source, fields=Fields(text="body")), engine=here)


def test_a_batch_that_had_not_done_anything_may_be_another(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """What failed before its first block, as where a cluster was not found, leaves nothing to be asked about."""
    with pytest.raises(CancelledError):
        run_batch(make_batch(source), engine=here, cancelled=lambda: True)

    run_batch(make_batch(source, fields=Fields(html="body")), engine=here)

    assert LINES == len(objects(tmp_path / "out.jsonl"))


def test_a_batch_keeps_the_model_that_it_began_with(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here, trained: Trained
) -> None:
    """A champion that is promoted in between answers nothing; one that is named instead is refused."""
    saved, folder = read_version(trained.folder), tmp_path / "registry"
    for version in ("first", "second"):
        write_version(folder, version, weights=saved.weights, metadata=saved.metadata, golden=saved.golden)
    Registry(folder).promote("first", who="ann", why="the first")
    batch = make_batch(source, models_dir=folder, version=None)
    begin(batch, here)
    Registry(folder).promote("second", who="ann", why="the second")

    with pytest.raises(ChangedError, match="had other"):
        run_batch(make_batch(source, models_dir=folder, version="second"), engine=here)
    run_batch(batch, engine=here)

    assert {"first"} == {answer["model"] for answer in objects(tmp_path / "out.jsonl")}


def test_a_model_that_was_exchanged_is_refused(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here, trained: Trained
) -> None:
    """The name is not enough: the version's MANIFEST has to be the same."""
    shutil.copytree(trained.folder, tmp_path / "registry" / "small")
    batch = make_batch(source, models_dir=tmp_path / "registry")
    begin(batch, here)
    with (tmp_path / "registry" / "small" / "MANIFEST").open("a") as manifest:
        manifest.write("\n")

    with pytest.raises(ChangedError, match="had other manifest"):
        run_batch(batch, engine=here)


def test_a_line_that_was_cut_off_is_done_again(source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """A kill may leave half a line in the ledger: its block is repeated, and nothing is doubled."""
    begin(make_batch(source), here)
    ledger = tmp_path / "out.jsonl.unfinished" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-9])

    run_batch(make_batch(source), engine=here)

    assert [0, 1, 2] == here.seen
    assert list(range(LINES)) == [answer["id"] for answer in objects(tmp_path / "out.jsonl")]


@pytest.mark.parametrize("damage", ["removed", "changed"])
def test_a_block_that_lost_its_answers_is_done_again(
    damage: str, source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """What the ledger says is checked against the files."""
    begin(make_batch(source), here)
    part = tmp_path / "out.jsonl.unfinished" / "000000.block"
    if damage == "removed":
        part.unlink()
    else:
        part.write_bytes(part.read_bytes().replace(b"0", b"1", 1))

    run_batch(make_batch(source), engine=here)

    assert list(range(LINES)) == [answer["id"] for answer in objects(tmp_path / "out.jsonl")]


def test_two_processes_do_not_work_on_one_batch(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """The second is refused, and the first is not disturbed."""
    folder = tmp_path / "out.jsonl.unfinished"

    with (
        Ledger.opened(folder, {"model": "small"}, restart=False),
        pytest.raises(BatchError, match="another process works on this batch"),
    ):
        run_batch(make_batch(source, force=True, restart=True), engine=here)


def test_an_output_that_came_to_be_meanwhile_is_not_replaced(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """Only what the batch itself would write may be there at its end."""
    begin(make_batch(source), here)
    (tmp_path / "out.jsonl").write_text("precious")

    with pytest.raises(BatchError, match="came to be while the batch ran"):
        run_batch(make_batch(source), engine=here)

    assert "precious" == (tmp_path / "out.jsonl").read_text()
    run_batch(make_batch(source, force=True), engine=here)
    assert LINES == len(objects(tmp_path / "out.jsonl"))


def test_the_ledger_stays_beside_the_output(source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """It says what was done with which model, block by block, and how it ended."""
    run_batch(make_batch(source), engine=here)

    plan, *blocks, end = [
        orjson.loads(line) for line in (tmp_path / "out.jsonl.ledger.jsonl").read_bytes().splitlines()
    ]

    assert ("small", [0, 1, 2]) == (plan["model"], [line["block"] for line in blocks])
    assert LINES == end["finished"]["answered"]
    assert (tmp_path / "out.jsonl").stat().st_size == end["finished"]["output"]["bytes"]


def test_a_finished_batch_is_not_done_again(source: Path, make_batch: MakeBatch, here: Here) -> None:
    """The same command, as after a kill in the very last moment, checks what is there and tells the same."""
    first = run_batch(make_batch(source), engine=here)
    here.seen.clear()

    again = run_batch(make_batch(source), engine=here)

    assert [] == here.seen
    assert (LINES, 0, first.labels) == (again.answered, again.errors, again.labels)
    assert LINES == again.kept


def test_a_finished_batch_of_another_input_is_refused(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """An input that was edited since is no input that was answered; --force answers it."""
    run_batch(make_batch(source), engine=here)
    source.write_bytes(source.read_bytes().replace(b'{"id":7,', b'{"id":8,', 1))

    with pytest.raises(BatchError, match=r"was finished before, but the input is another one .* --force does it anew"):
        run_batch(make_batch(source), engine=here)
    run_batch(make_batch(source, force=True), engine=here)

    assert 8 == objects(tmp_path / "out.jsonl")[7]["id"]
