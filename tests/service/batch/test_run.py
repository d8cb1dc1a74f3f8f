"""A batch answers what it can, tells what it cannot, and leaves whole files only."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import zstandard

from service.batch.errors import BatchError, CancelledError, TooManyErrorsError
from service.batch.job import Answers, Fields, Format, Packing, Rows, Shape
from service.batch.run import run_batch
from service.batch.verify import verify_batch
from tests.service.batch.files import objects, write_objects

if TYPE_CHECKING:
    from pathlib import Path

    from service.batch.summary import Summary
    from tests.service.batch.conftest import Here, MakeBatch

OPINION = "我认为这样的宣传显然是在糊弄买家，实在令人失望。"
TEASER = "相关推荐：充电桩为什么总是坏？点击查看更多"
RECORDS: list[dict[str, Any]] = [
    {"id": "t", "text": OPINION},
    {"id": 2, "sections": [OPINION, "", TEASER]},
    {"id": "h", "html": f"<p>{OPINION}</p>"},
]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A text, a page that is cut already, and a page in HTML."""
    return write_objects(tmp_path / "in.jsonl", *RECORDS)


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(file.name for file in folder.iterdir())


def test_every_record_is_answered_in_order(source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """An answer has the id, the version, and a label for a text or sections for a page."""
    done = run_batch(make_batch(source), engine=here)

    text, page, html = objects(tmp_path / "out.jsonl")
    assert ["t", 2, "h"] == [text["id"], page["id"], html["id"]]
    assert {"small"} == {answer["model"] for answer in (text, page, html)}
    assert (3, OPINION) == (len(page["sections"]), html["text"].strip())
    assert (3, 0, 5) == (done.answered, done.errors, done.sections)
    assert ["in.jsonl", "out.jsonl", "out.jsonl.ledger.jsonl"] == names(tmp_path)


@pytest.mark.parametrize("kind", ["page", "html"])
def test_a_file_of_pages_alone_has_sections(kind: str, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Records that are all alike are read together, and each is judged as what it is, as beside a text."""
    pages: list[dict[str, Any]] = [{"id": number, kind: f"<p>{OPINION}</p>\n\n<p>{TEASER}</p>"} for number in range(3)]
    for name, beside in {"alone": [], "mixed": [{"id": "t", "text": OPINION}]}.items():
        source = write_objects(tmp_path / name, *pages, *beside)
        run_batch(make_batch(source, target=str(tmp_path / f"{name}.jsonl")), engine=here)

    alone, mixed = [objects(tmp_path / f"{name}.jsonl") for name in ("alone", "mixed")]
    assert alone == mixed[:-1]
    assert all(answer["sections"] for answer in alone)


def test_bad_lines_go_aside_and_the_rest_goes_on(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Each bad line is told with its file and number; blank lines count as lines only."""
    source = tmp_path / "in.jsonl"
    source.write_bytes(b'\xef\xbb\xbf{"id": 1, "text": ""}\n\n{"id": 2}\nno JSON\n{"id": 3, "page": ""}')

    done = run_batch(make_batch(source), engine=here)

    assert [1, 3] == [answer["id"] for answer in objects(tmp_path / "out.jsonl")]
    told = [(bad["file"], bad["line"], bad["id"]) for bad in objects(tmp_path / "out.jsonl.errors.jsonl")]
    assert [(str(source), 3, 2), (str(source), 4, None)] == told
    assert (2, 2, source.stat().st_size) == (done.answered, done.bad, done.size)


@pytest.mark.parametrize("content", [b"", b"\n \n"], ids=["empty", "blank"])
def test_an_empty_batch_has_an_empty_answer(content: bytes, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """A file without records is answered by a file without answers."""
    (tmp_path / "in.jsonl").write_bytes(content)

    assert 0 == run_batch(make_batch(tmp_path / "in.jsonl"), engine=here).records
    assert b"" == (tmp_path / "out.jsonl").read_bytes()


def test_progress_is_told_block_by_block(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Each report holds all that is done so far, and the bytes of all."""
    source = write_objects(tmp_path / "in.jsonl", *({"id": n, "text": ""} for n in range(10_000)))
    told: list[Summary] = []

    run_batch(make_batch(source), engine=here, progress=told.append)

    assert [0, 8192, 10_000] == [each.records for each in told]
    assert {source.stat().st_size} == {each.total for each in told}


def test_a_batch_can_be_called_off_and_gone_on_with(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """What is done is kept, nothing of the output is seen, and the next run does only the rest."""
    source = write_objects(tmp_path / "in.jsonl", *({"id": n, "text": ""} for n in range(20_000)))
    batch = make_batch(source)
    told: list[Summary] = []

    with pytest.raises(CancelledError):
        run_batch(batch, engine=here, progress=told.append, cancelled=lambda: len(told) > 1)
    assert ["in.jsonl", "out.jsonl.unfinished"] == names(tmp_path)
    here.seen.clear()
    done = run_batch(batch, engine=here)

    assert ([1, 2], 8192) == (here.seen, done.kept)
    assert list(range(20_000)) == [answer["id"] for answer in objects(tmp_path / "out.jsonl")]


def test_too_many_bad_records_stop_a_batch(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Those found so far can be read; with more of them allowed the same batch goes on."""
    source = write_objects(tmp_path / "in.jsonl", {"id": 1}, {"id": 2}, {"id": 3, "text": ""})

    with pytest.raises(TooManyErrorsError, match="2 bad records are more than the 1 allowed"):
        run_batch(make_batch(source, max_errors=1), engine=here)
    assert [1, 2] == [bad["id"] for bad in objects(tmp_path / "out.jsonl.errors.jsonl")]
    assert not (tmp_path / "out.jsonl").exists()

    assert 1 == run_batch(make_batch(source, max_errors=2, force=True), engine=here).answered


def test_nothing_is_replaced_unless_told_so(source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """An output that is there stops the batch before it starts; with force it is replaced, old errors with it."""
    (tmp_path / "out.jsonl").write_text("precious")
    (tmp_path / "out.jsonl.errors.jsonl").write_text("old")

    with pytest.raises(BatchError, match="is there already; --force replaces it"):
        run_batch(make_batch(source), engine=here)
    assert "precious" == (tmp_path / "out.jsonl").read_text()
    run_batch(make_batch(source, force=True), engine=here)

    assert 3 == len(objects(tmp_path / "out.jsonl"))
    assert not (tmp_path / "out.jsonl.errors.jsonl").exists()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Shape(answers=Answers.LABELS), [{"id", "model", "label"}, {"id", "model", "sections"}]),
        (
            Shape(answers=Answers.PROBABILITIES),
            [{"id", "model", "label", "probability", "probabilities"}, {"id", "model", "sections"}],
        ),
        (Shape(answers=Answers.TEXT), [{"id", "model", "label", "text"}, {"id", "model", "sections"}]),
        (
            Shape(answers=Answers.LABELS, rows=Rows.SECTION),
            [{"id", "model", "section", "start", "end", "label"}] * 4,
        ),
    ],
    ids=["labels", "probabilities", "text", "sections"],
)
def test_answers_have_the_shape_that_is_asked_for(
    shape: Shape, expected: list[set[str]], tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """As little or as much as is wanted, a row a record or a section."""
    source = write_objects(tmp_path / "in.jsonl", *RECORDS[:2])

    run_batch(make_batch(source, shape=shape), engine=here)

    assert expected == [set(answer) for answer in objects(tmp_path / "out.jsonl")]


def test_what_is_left_of_a_page_can_be_written(source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """With labels to keep or to drop, a row holds the text of what stays; a record that loses all keeps its row."""
    keep, drop = tmp_path / "keep.jsonl", tmp_path / "drop.jsonl"
    run_batch(make_batch(source), engine=here)
    labels = [section["label"] for section in objects(tmp_path / "out.jsonl")[1]["sections"]]

    run_batch(make_batch(source, target=str(keep), shape=Shape(keep=("recommendation_teaser",))), engine=here)
    run_batch(make_batch(source, target=str(drop), shape=Shape(drop=("recommendation_teaser",))), engine=here)

    assert "recommendation_teaser" in labels
    assert {"id", "model", "text"} == set(objects(keep)[0])
    assert {OPINION, ""} == {objects(keep)[0]["text"], objects(drop)[0]["text"]}
    both = objects(keep)[1]["text"] + objects(drop)[1]["text"]
    assert sorted(f"{OPINION}\n\n{TEASER}") == sorted(both)


@pytest.mark.parametrize("rows", list(Rows), ids=str)
def test_parquet_holds_what_json_lines_hold(
    rows: Rows, source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """The same labels and probabilities, in columns or nested."""
    target = tmp_path / "out.parquet"
    run_batch(make_batch(source, shape=Shape(rows=rows)), engine=here)
    run_batch(make_batch(source, target=str(target), shape=Shape(Format.PARQUET, rows=rows)), engine=here)

    lines, table = objects(tmp_path / "out.jsonl"), pq.read_table(target).to_pylist()

    assert [str(line["id"]) for line in lines] == [row["id"] for row in table]
    assert [line.get("label") for line in lines] == [row["label"] for row in table]
    if rows is Rows.RECORD:
        assert lines[1]["sections"] == table[1]["sections"]
    else:
        assert lines[0]["probabilities"]["opinion"] == table[0]["probability_opinion"]


@pytest.mark.parametrize("packing", [Packing.GZIP, Packing.ZSTD], ids=["gzip", "zstd"])
def test_csv_may_be_packed(packing: Packing, source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """A table has its header once and a row a section."""
    target = tmp_path / f"out.csv.{packing}"
    shape = Shape(Format.CSV, packing, rows=Rows.SECTION)

    run_batch(make_batch(source, target=str(target), shape=shape), engine=here)

    unpack = {Packing.GZIP: gzip.decompress, Packing.ZSTD: zstandard.ZstdDecompressor().decompressobj().decompress}
    rows = list(csv.DictReader(unpack[packing](target.read_bytes()).decode().splitlines()))
    assert ["t", "2", "2", "2", "h"] == [row["id"] for row in rows]
    assert ["0", "0", "1", "2", "0"] == [row["section"] for row in rows]


def test_csv_is_read_with_the_names_of_its_columns(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Cells with line ends are one row; rows of another width, without an id or not in UTF-8 are told by line."""
    source = tmp_path / "in.csv"
    source.write_bytes(
        'url,body,more\na,"我认为\n太贵",x\nb,电池\n,无,x\n'.encode()
        + "c,电池,x\n".encode("gbk")
        + b'd,"e"f,x\nlast,,x\n'
    )

    run_batch(make_batch(source, fields=Fields(id="url", page="body")), engine=here)

    assert ["a", "", "last"] == [answer["id"] for answer in objects(tmp_path / "out.jsonl")]
    assert [(4, "has 2 cells"), (6, "not in UTF-8"), (7, "not CSV")] == [
        (bad["line"], bad["reason"][: len(said)])
        for bad, said in zip(
            objects(tmp_path / "out.jsonl.errors.jsonl"), ["has 2 cells", "not in UTF-8", "not CSV"], strict=True
        )
    ]


def test_a_folder_and_a_pattern_mean_their_files(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Files of a folder come in the order of their names, each in its own format; what batches left there is none."""
    folder = tmp_path / "pages" / "deep"
    folder.mkdir(parents=True)
    (folder / "b.csv").write_text("id,text\nb,x\n")
    (folder / "c.jsonl.gz").write_bytes(gzip.compress(b'{"id": "c", "text": ""}\n'))
    write_objects(folder.parent / "a.jsonl", {"id": "a", "text": ""})
    write_objects(folder / "z.errors.jsonl", {"id": "z", "text": ""})
    (folder / "notes.txt").write_text("no records")

    run_batch(make_batch(folder.parent), engine=here)
    run_batch(make_batch(tmp_path / "pages" / "**" / "*.jsonl*", target=str(tmp_path / "two.jsonl")), engine=here)

    assert ["a", "b", "c"] == [answer["id"] for answer in objects(tmp_path / "out.jsonl")]
    assert ["a", "c", "z"] == [answer["id"] for answer in objects(tmp_path / "two.jsonl")]


@pytest.mark.parametrize("sources", ["", "*.jsonl", "**/*.jsonl"], ids=["folder", "pattern", "deep pattern"])
def test_a_batch_may_write_beside_what_it_reads(
    sources: str, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """It finds the same files when it goes on, and when it is verified; nor does another find what it has not ended."""
    folder = tmp_path / "pages"
    folder.mkdir()
    write_objects(folder / "a.jsonl", {"id": "a", "text": ""}, {"id": "b"})
    beside = make_batch(folder / sources, target=str(folder / "out.jsonl"), max_errors=0)
    with pytest.raises(TooManyErrorsError):
        run_batch(beside, engine=here)
    if not sources:
        assert 2 == run_batch(make_batch(folder), engine=here).records

    done = run_batch(replace(beside, max_errors=1), engine=here)

    assert (2, 2) == (done.records, done.kept)
    assert 2 == run_batch(beside, engine=here).records
    verify_batch(beside)
