"""Giving back memory that only the start of a process needed."""

from __future__ import annotations

import ctypes
import mmap
import re
from pathlib import Path

UNWRITTEN = re.compile(
    r"^(?P<start>[0-9a-f]+)-(?P<end>[0-9a-f]+) r-[x-][ps] .* /.*\n"
    r"(?:\w+: .*\n)*?Anonymous: +0 kB$",
    re.MULTILINE,
)
"""Files' read-only pages in `smaps`; those that were written to before they became read-only are anonymous."""


def release_files() -> None:
    """Give back the memory that read-only pages of files take, where the system is Linux.

    A third of what a server needs is code that its start alone runs, LLVM's first of all, and models read through to
    check them. What is dropped are pages that nothing has written to; what is wanted again, the system maps again.
    """
    maps = Path("/proc/self/smaps")
    if not maps.exists():
        return
    system = ctypes.CDLL(None, use_errno=True)
    system.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for found in UNWRITTEN.finditer(maps.read_text("utf-8", "surrogateescape")):
        start, end = int(found["start"], 16), int(found["end"], 16)
        system.madvise(start, end - start, mmap.MADV_DONTNEED)
