"""Ending with one's parent, so that nothing goes on working for a process that was killed.

`python -m service.leash PARENT MODULE ARGUMENTS...` runs a module so.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with(parent: int, by: signal.Signals) -> None:
    """Have the kernel send this process the signal `by` when `parent` ends, however that happens.

    The setting lasts through exec, not through fork. Only Linux has it; elsewhere this does nothing.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), by)


def leashed(module: str, *arguments: str) -> list[str]:
    """The command that runs a module for as long as this process lives."""
    return [sys.executable, "-m", "service.leash", str(os.getpid()), module, *arguments]


if __name__ == "__main__":
    end_with(int(sys.argv[1]), signal.SIGKILL)
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[2:]])  # noqa: S606 - our own modules, no shell
