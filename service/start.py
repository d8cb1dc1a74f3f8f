"""The server process, `python -m service.start`; `service.serve` becomes it.

gevent must replace the standard library's blocking calls before anything else is imported: that is why this is a
process of its own. What it prepares is done by a child while this process loads the libraries of the server.
"""

from __future__ import annotations

if __name__ == "__main__":
    import gc

    from gevent import monkey

    from service.optional import leave_out

    monkey.patch_all()
    leave_out()
    # Nearly all that is made until the server stands stays: it is not looked through again and again meanwhile.
    gc.disable()

import os
import platform
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from gevent.monkey import get_original

from service.crew import FOLDER, alive
from service.leash import end_with
from service.settings import WRONG_SETTINGS, Settings, SettingsError


class Child:
    """Something that a child process does, which is forked here and now."""

    def __init__(self, work: Callable[[], None]) -> None:
        sys.stdout.flush()
        # gevent's fork would watch the child from a loop that does not run yet.
        parent = os.getpid()
        self._pid: int = get_original("os", "fork")()
        if self._pid == 0:
            end_with(parent, signal.SIGKILL)
            _do(work)

    def ended(self) -> int:
        """Wait until it is done: its exit status, or a signal's number below 0."""
        _, status = get_original("os", "waitpid")(self._pid, 0)
        return os.waitstatus_to_exitcode(status)

    def wait(self) -> None:
        """Wait until it is done. Where it failed, end this process with its status: it said why."""
        code = self.ended()
        if code != 0:
            sys.exit(code if code > 0 else 1)


def _do(work: Callable[[], None]) -> NoReturn:
    """Do it, and end this process without whatever its parent would do at its own end."""
    status = 1
    try:
        work()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - printed as Python would, and told by the status
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def start() -> None:
    """Serve by the environment's settings.

    Exits with status 2 and a message on standard error when a setting or the policy is wrong or the database cannot be
    opened.
    """
    try:
        settings = Settings.load()
        os.environ[FOLDER] = _metrics_folder(settings.data_dir)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTINGS)
    from service.preparing import prepare  # noqa: PLC0415 - it reads FOLDER, which was set just now

    preparing = Child(lambda: prepare(settings))
    compiling = compile_beside()
    from service.server import Server  # noqa: PLC0415 - most of the start, while the children work

    preparing.wait()
    for child in compiling:
        child.ended()  # what it has not done is compiled here
    Server(settings).run()


def compile_beside() -> list[Child]:
    """At the first start ever, have children compile what this process then only loads; they are to be waited for.

    Whoever compiles keeps 200 MB for it, which the workers would copy bit by bit. Where there are two cores, there are
    three children, so that both have work to the end; else one does all, and needs memory once.
    """
    from models.compiled import is_cached  # noqa: PLC0415 - numba, half a second of the start: the child prepares meanwhile

    if is_cached():
        return []
    from models.warm import main, warm_judging, warm_scoring, warm_splitting  # noqa: PLC0415 - of use here alone

    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004 - two cores
        return [Child(main)]
    return [Child(work) for work in (warm_scoring, warm_splitting, warm_judging)]


def _metrics_folder(data_dir: Path) -> str:
    """A folder for the workers' counts, of this server alone: the one before it may still be stopping.

    Folders that killed servers of this machine left are removed.
    """
    folders = data_dir / "metrics"
    for left in folders.glob(f"{_machine()}-*"):
        if not alive(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = folders / f"{_machine()}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        reason = f"cannot make {folder}: {error.strerror}; set LANMU_DATA_DIR to a folder to write to"
        raise SettingsError(reason) from error
    return str(folder)


def _machine() -> str:
    """The name of this machine, as part of a file's."""
    return re.sub(r"[^\w.]", "_", platform.node())


if __name__ == "__main__":
    start()
