"""A job whose database is on a full disk: `python -m tests.service.jobs.full_disk FOLDER`, a folder on a small disk."""

from __future__ import annotations

import sys
from pathlib import Path

from service.jobs import Jobs
from service.store import open_store
from tests.service.jobs.workers import ended, until, worker


def fill(file: Path) -> None:
    """Write until there is no room left."""
    with file.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError:
            return


def main(disk: Path) -> None:
    """Fill the disk, let a worker begin, make room, and tell what became of the job."""
    url = f"sqlite:///{disk / 'lanmu.db'}"
    jobs = Jobs(open_store(url))
    job = jobs.add("shout", {})
    fill(disk / "filling")
    with worker(url, disk.parent, LANMU_JOB_LEASE_S="60") as running:
        until(lambda: running.says("database_failed", reason="database or disk is full"))
        (disk / "filling").unlink()
        over = ended(jobs, job)
        until(lambda: running.says("database_answers_again"))
    sys.stdout.write(f"full, then {over.state}, {over.attempts} attempt\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
