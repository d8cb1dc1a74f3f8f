"""A batch from its first byte to its last, whoever judges the blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from service.batch.assembly import Assembly
from service.batch.blocks import Block, Outcome
from service.batch.errors import CancelledError, ChangedError, TooManyErrorsError
from service.batch.finish import finish, write_errors
from service.batch.job import Batch, Task
from service.batch.lanes import LocalEngine
from service.batch.ledger import AGAIN, Ledger
from service.batch.places import Place, found
from service.batch.plan import check_labels, check_targets, plan_of, version_of
from service.batch.reading import read_blocks
from service.batch.summary import Summary
from service.batch.verify import finished_before

if TYPE_CHECKING:
    from service.batch.ledger import Line

Report = Callable[[Summary], None]


class Engine(Protocol):
    """What judges blocks."""

    def outcomes(self, blocks: Iterator[Block], task: Task) -> Iterator[tuple[Block, Outcome] | None]:
        """What becomes of the blocks, in any order; None now and then, where nothing did. Raises BatchError."""


def run_batch(
    batch: Batch,
    *,
    engine: Engine | None = None,
    progress: Report = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Summary:
    """Answer every record, and go on where an earlier run of the same batch was ended.

    engine : what judges; None is processes on all cores of this machine.
    progress : is told how far the batch is, after each block.
    cancelled : is asked now and then whether to stop.

    Answers stand in the order of the records, and are the same bytes for any engine, any number of workers and any
    interruption. They and the file of errors appear at the end, whole; without errors there is no file of them, not
    even an old one. Until then all is in `batch.work_folder`.

    Raises BatchError, OSError where a disk or a store fails, or KeyboardInterrupt: what is done is kept after each.
    """
    places = found(batch.sources, batch.targets)
    version = version_of(batch)
    plan = plan_of(batch, places, version)
    before = finished_before(batch, plan)
    if before is not None:
        return before
    check_targets(batch, places)
    check_labels(batch, version)
    key = None if batch.model_key is None else batch.model_key.hex()
    ledger_folder = str(batch.work_folder.absolute())
    task = Task(str(batch.models_dir), version, key, batch.fields, batch.shape, batch.policy, ledger_folder)
    opened = Ledger.opened(batch.work_folder, plan, restart=batch.restart)
    with opened as ledger, Assembly(ledger, batch.shape) as assembly:
        done = _Done(ledger, places)
        progress(done.summary)
        assembly.go_on()
        for each in (engine or LocalEngine()).outcomes(_undone(places, batch, ledger), task):
            if cancelled():
                raise CancelledError("the batch was called off; what is done is kept")
            if each is not None:
                done.add(ledger.add(*each))
                assembly.go_on(each[1])
                progress(done.summary)
            _check_errors(done.summary, batch, ledger)
        _check_errors(done.summary, batch, ledger)
        counts = {name: getattr(done.summary, name) for name in ("answered", "bad", "sections", "labels")}
        doubled = finish(ledger, assembly, batch, [each.name for each in places], counts)
        return replace(done.summary, doubled=doubled)


def _undone(places: list[Place], batch: Batch, ledger: Ledger) -> Iterator[Block]:
    """The blocks that are still to do; those that are done are compared with what was read for them."""
    last = -1
    for block in read_blocks(places, batch.format, batch.fields):
        last = block.index
        if not ledger.has(block):
            yield block
    if any(index > last for index in ledger.lines):
        raise ChangedError(f"the input ends earlier than when the unfinished batch read it; {AGAIN}")


class _Done:
    """The sums over the ledger's lines."""

    def __init__(self, ledger: Ledger, places: list[Place]) -> None:
        sizes = [each.size() for each in places]
        total = None if None in sizes else sum(size or 0 for size in sizes)
        self.summary = Summary(total=total)
        for line in ledger.lines.values():
            self.add(line)
        self.summary = replace(self.summary, kept=self.summary.records)

    def add(self, line: Line) -> None:
        """Count a block in."""
        now = self.summary
        labels = Counter(now.labels)
        labels.update(line["labels"])
        self.summary = replace(
            now,
            answered=now.answered + line["records"] - line["bad"],
            bad=now.bad + line["bad"],
            sections=now.sections + line["sections"],
            labels=dict(sorted(labels.items())),
            size=now.size + line["size"],
        )


def _check_errors(done: Summary, batch: Batch, ledger: Ledger) -> None:
    if batch.max_errors is None or done.bad <= batch.max_errors:
        return
    write_errors(ledger, batch.errors_target)
    raise TooManyErrorsError(
        f"{done.bad} bad records are more than the {batch.max_errors} allowed; those found so far are in "
        f"{batch.errors_target}. The same command with more of them allowed goes on"
    )
