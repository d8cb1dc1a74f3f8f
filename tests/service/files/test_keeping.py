"""What is kept, for how long, and what is pinned; on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from models.versions import SHIPPED_MODELS, Registry
from service.files import Batches, BatchJob, Files, Order, StoredFile, UnknownBatchError, UnknownFileError, Upload
from service.files.job import run as run_batch_job
from service.files.upkeep import run as run_upkeep
from service.jobs import Jobs, State, UnknownJobError
from service.jobs.claims import Claims
from service.jobs.task import Task
from service.policy import ALWAYS, Policy, Suggestion
from service.settings import Settings
from service.store.tables import FILES, JOBS
from tests.service.files.calls import OPINION, requests

DAY_S = 86_400


def uploaded(engine: Engine, folder: Path, content: bytes = b"{}\n") -> StoredFile:
    """A file that was uploaded."""
    files = Files(engine, folder)
    aside = files.prepared() / "uploaded"
    aside.write_bytes(content)
    upload = Upload(aside, "requests.jsonl", len(content), {})
    return files.keep(upload, purpose="batch", who="a test", lifetime_s=DAY_S)


def ordered(engine: Engine, folder: Path, file: StoredFile, policy: Policy | None = None) -> BatchJob:
    """A batch over it."""
    model = Registry(SHIPPED_MODELS).champion()
    order = Order(file.id, "/v1/moderations", "24h", None, None, model, policy or Policy(), DAY_S)
    return Batches(engine, folder).create(order, who="a test")


def task(engine: Engine, folder: Path, kind: str) -> Task:
    """The oldest job of a kind, claimed by this process."""
    job = Claims(engine, "a test", lease_s=60).claim([kind])
    assert job is not None
    return Task(job, Settings(data_dir=folder, batch_workers=1), engine, folder, os.open(os.devnull, os.O_WRONLY))


@contextmanager
def here_after() -> Iterator[None]:
    """Come back: a job has a process of its own elsewhere, and goes where its files are."""
    here = Path.cwd()
    try:
        yield
    finally:
        os.chdir(here)


def upkeep(engine: Engine, folder: Path) -> dict[str, Any]:
    """What the upkeep removed."""
    Jobs(engine).add("upkeep", {})
    return run_upkeep(task(engine, folder, "upkeep"))


def aged(path: Path) -> Path:
    """The same, as if it was made two hours ago."""
    moment = path.stat().st_mtime - 7200
    os.utime(path, (moment, moment))
    return path


def test_expired_files_are_gone_at_once_and_removed_later(store: Engine, tmp_path: Path) -> None:
    """Nobody sees them any more; the upkeep takes the bytes."""
    files = Files(store, tmp_path)
    old, young = uploaded(store, tmp_path), uploaded(store, tmp_path)
    with store.begin() as connection:
        connection.execute(update(FILES).where(FILES.c.id == old.id).values(expires_at=1.0))

    with pytest.raises(UnknownFileError, match="no file"):
        files.get(old.id)
    removed = upkeep(store, tmp_path)

    assert 1 == removed["files"]
    assert ([young], False) == files.list(limit=10)
    assert [young.stored] == [path.name for path in files.folder.iterdir()]


def test_old_jobs_go_with_their_logs_and_batches(store: Engine, tmp_path: Path) -> None:
    """90 days after they were over; those that are not over stay, however old they are."""
    old, young, waiting = (ordered(store, tmp_path, uploaded(store, tmp_path)) for _ in range(3))
    jobs, batches = Jobs(store), Batches(store, tmp_path)
    claims = Claims(store, "a test", lease_s=60)
    for batch in (old, young):
        job = claims.claim(["batch"])
        assert job is not None
        claims.finish(job, {}, printed="done\n")
        assert batch.job.id == job.id
    with store.begin() as connection:
        long_ago = update(JOBS).values(created_at=0.0)
        connection.execute(long_ago.where(JOBS.c.id == old.job.id).values(finished_at=1.0))
        connection.execute(long_ago.where(JOBS.c.id == waiting.job.id))

    assert 1 == upkeep(store, tmp_path)["jobs"]

    with pytest.raises(UnknownJobError):
        jobs.log(old.job.id)
    with pytest.raises(UnknownBatchError):
        batches.get(old.id)
    assert "done\n" == jobs.log(young.job.id)
    assert [waiting.id, young.id] == [batch.id for batch in batches.list(limit=10)[0]]


def test_leftovers_of_kills_are_removed(store: Engine, tmp_path: Path) -> None:
    """Uploads that broke off, files without a row, folders of batches that are over; not what may still get a row."""
    files, batches = Files(store, tmp_path), Batches(store, tmp_path)
    file = uploaded(store, tmp_path)
    aged(files.path(file))
    waiting, over = ordered(store, tmp_path, file), ordered(store, tmp_path, file)
    Jobs(store).cancel(over.job.id)
    for name in (".broken.part", "file-0.jsonl"):
        (files.folder / name).touch()
        (files.folder / f"young{name}").touch()
        aged(files.folder / name)
    (batches.folders / "batch_0").mkdir()
    for folder in batches.folders.iterdir():
        aged(folder)

    assert 4 == upkeep(store, tmp_path)["leftovers"]

    left = {path.name for path in files.folder.iterdir()}
    assert {file.stored, "young.broken.part", "youngfile-0.jsonl"} == left
    assert [waiting.id] == [folder.name for folder in batches.folders.iterdir()]


def test_a_batch_keeps_the_policy_that_it_began_with(store: Engine, tmp_path: Path) -> None:
    """Whatever the policy's file says when it is run."""
    line = requests([{"input": OPINION}], "/v1/moderations")[0]
    policy = Policy({"opinion": ALWAYS[Suggestion.BLOCK]}, version=7)
    batch = ordered(store, tmp_path, uploaded(store, tmp_path, line), policy)

    with here_after():
        made = run_batch_job(task(store, tmp_path, "batch"))

    output = Files(store, tmp_path).get(made["output_file_id"])
    answer = Files(store, tmp_path).path(output).read_text("utf-8")
    assert '"policy":7' in answer
    assert '"flagged":true' in answer
    assert {"opinion": 1} == Batches(store, tmp_path).get(batch.id).labels


def test_a_batch_that_an_earlier_release_began_is_answered(store: Engine, tmp_path: Path) -> None:
    """Anew: what is there of it has another form, and nobody is asked about it."""
    line = requests([{"input": OPINION}], "/v1/moderations")[0]
    ordered(store, tmp_path, uploaded(store, tmp_path, line))
    work = task(store, tmp_path, "batch")
    payload = work.job.payload
    begun = Batches(store, tmp_path).folder(payload["batch"]) / f"{payload['output']}.unfinished"
    begun.mkdir()
    (begun / "ledger.jsonl").write_text('{"layout":[2,4194304,8192,16777216]}\n{"block":0}\n')

    with here_after():
        made = run_batch_job(work)

    output = Files(store, tmp_path).get(made["output_file_id"])
    assert b"opinion" in Files(store, tmp_path).path(output).read_bytes()


def test_a_batch_has_its_version_kept_until_it_is_over(store: Engine, tmp_path: Path) -> None:
    """It was ordered with that one, and may wait longer than promotions do."""
    batch = ordered(store, tmp_path, uploaded(store, tmp_path))
    assert {batch.model} == Jobs(store).pinned()

    Batches(store, tmp_path).cancel(batch.id)

    assert set() == Jobs(store).pinned()


def test_a_try_that_answers_does_not_count(store: Engine, tmp_path: Path) -> None:
    """It is told while it runs, so that the table knows where the try dies."""
    line = requests([{"input": OPINION}], "/v1/moderations")[0]
    ordered(store, tmp_path, uploaded(store, tmp_path, line))
    work = task(store, tmp_path, "batch")

    with here_after():
        run_batch_job(work)

    assert (1, 1) == (Jobs(store).get(work.job.id).attempts, Jobs(store).get(work.job.id).fruitful)


def test_a_batch_that_waits_is_cancelled_at_once(store: Engine, tmp_path: Path) -> None:
    """And its folder is gone."""
    batches = Batches(store, tmp_path)
    batch = ordered(store, tmp_path, uploaded(store, tmp_path))

    ended = batches.cancel(batch.id)

    assert (State.CANCELLED, "cancelled") == (ended.job.state, ended.status)
    assert not batches.folder(batch.id).exists()


def test_an_order_that_fails_leaves_nothing(store: Engine, tmp_path: Path) -> None:
    """Neither a folder nor a job, where the file was deleted a moment before."""
    file = uploaded(store, tmp_path)
    Files(store, tmp_path).path(file).unlink()

    with pytest.raises(UnknownFileError, match="deleted"):
        ordered(store, tmp_path, file)

    assert [] == list((tmp_path / "batches").iterdir())
    assert [] == Jobs(store).list()


def test_files_made_in_the_same_moment_are_listed_once(store: Engine, tmp_path: Path) -> None:
    """Pages are cut between files, not between moments."""
    made = {uploaded(store, tmp_path).id for _ in range(5)}
    with store.begin() as connection:
        connection.execute(update(FILES).values(created_at=1.0))
    files, found, last = Files(store, tmp_path), [], None
    while True:
        page, more = files.list(after=last, limit=2)
        found += [file.id for file in page]
        if not more:
            break
        last = found[-1]

    assert sorted(made, reverse=True) == found
