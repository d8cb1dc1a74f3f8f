"""`python -m service.batch.worker`: judges the blocks that come in on standard input, until it ends.

It keeps nothing but the model. Where the batch that started it is killed, its standard input ends, and so does it.
"""

from __future__ import annotations

if __name__ == "__main__":
    import gc

    from service.optional import leave_out

    leave_out()
    # All that is made until the first block comes stays: `made_alone` has it looked through no more.
    gc.disable()

import os
import signal
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any

from models.versions import InvalidVersionError, RegistryError
from service.batch.answering import Kit, answer_alone, made_alone
from service.batch.blocks import Block, Outcome
from service.batch.job import Task
from service.batch.keeping import Keeper
from service.batch.wire import receive, send
from service.release import release_files

Message = tuple[dict[str, Any], list[bytes]] | None


def main() -> None:
    """Answer each block, in the order in which they come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of the process that started this one
    source, target = sys.stdin.buffer, _taken_standard_output()
    with suppress(BrokenPipeError):  # nobody waits for the answer any more
        kit = _made(receive(source), target)
        if kit is not None:
            _answer_all(kit, source, target)


def _made(told: Message, target: IO[bytes]) -> Kit | None:
    """The kit for the task that was told; None where there is none, or it was refused."""
    if told is None:
        return None
    try:
        kit = made_alone(Task.heard(told[0]))
    except (InvalidVersionError, RegistryError) as error:
        send(target, {"refused": str(error)})
        return None
    release_files()
    send(target, {"ready": os.getpid()})
    return kit


def _answer_all(kit: Kit, source: IO[bytes], target: IO[bytes]) -> None:
    # While a block is judged, the next comes in and the one before goes out: the kernel lets go of the interpreter.
    blocks: Queue[Message] = Queue(maxsize=1)
    Thread(target=_read, args=(source, blocks), daemon=True).start()
    keeper = None if kit.task.ledger is None else Keeper(Path(kit.task.ledger))
    with ThreadPoolExecutor(1) as beside:
        before: Future[None] | None = None
        while message := blocks.get():
            outcome = answer_alone(Block.heard(message[0], *message[1]), kit)
            if before is not None:
                before.result()
            before = beside.submit(_hand_over, outcome, keeper, target)
        if before is not None:
            before.result()


def _hand_over(outcome: Outcome, keeper: Keeper | None, target: IO[bytes]) -> None:
    """Tell the outcome, with its parts on the disk where that can be, so that one process need not write for all."""
    if keeper is not None:
        with suppress(OSError):  # the process that keeps the ledger tries again, and tells why it cannot be
            outcome = keeper.kept(outcome)
    send(target, outcome.told(), *outcome.parts)


def _taken_standard_output() -> IO[bytes]:
    """Standard output for answers alone: whatever else is printed goes to standard error."""
    taken = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return taken


def _read(source: IO[bytes], blocks: Queue[Message]) -> None:
    while message := receive(source):
        blocks.put(message)
    blocks.put(None)


if __name__ == "__main__":
    main()
