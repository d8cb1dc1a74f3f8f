"""Where machine code compiled by numba is kept, so that no request waits for a compiler.

The folder's name holds a hash of the kernels' source: numba itself notices a change in the file of the function it
loads, but not in the files of the functions that one calls.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

ROOMS = ("terms", "splitting", "judging")
"""The folders that hold kernels."""

_HERE = Path(__file__).parent
BESIDE = ("code_points.py", "compiled.py", "memory.py")
"""What kernels are made of beside these."""

SOURCES = sorted([*(_HERE / name for name in BESIDE), *(file for room in ROOMS for file in _HERE.glob(f"{room}/*.py"))])


def cache_root() -> Path:
    """The folder for whatever can be made again: `LANMU_CACHE_DIR`, else `var/lanmu` in the Python environment."""
    named = os.environ.get("LANMU_CACHE_DIR")
    return Path(named) if named else Path(sys.prefix) / "var" / "lanmu"


def writable(folder: Path) -> bool:
    """Whether files can be made in the folder, which is created where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def cache_folder() -> Path:
    """A writable cache folder: the real one, or where it is read-only (a container) a private copy, made once."""
    root = cache_root()
    if writable(root):
        return root
    copy = Path(tempfile.gettempdir()) / f"lanmu-cache-{os.getuid()}"
    if not copy.exists():
        aside = Path(tempfile.mkdtemp(prefix="lanmu-cache-"))
        if root.is_dir():
            shutil.copytree(root, aside, dirs_exist_ok=True)
        try:
            aside.rename(copy)
        except OSError:  # another process was first; its copy is as good
            shutil.rmtree(aside)
    if copy.stat().st_uid != os.getuid():
        message = f"the cache folder {str(copy)!r} belongs to another user; set LANMU_CACHE_DIR to a folder of your own"
        raise PermissionError(message)
    return copy


def source_hash() -> str:
    """Hash of the kernels' source and of what compiles it."""
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for source in SOURCES:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def is_cached() -> bool:
    """Whether kernels were compiled by this source before, so that they are only loaded."""
    return Path(config.CACHE_DIR).is_dir()


config: Any = numba.config
config.CACHE_DIR = str(cache_folder() / f"kernels-{source_hash()}")


def kernel(function: Function) -> Function:
    """Compile a function that Python calls: cached on disk, without the interpreter lock while it runs."""
    return cast("Function", _cached(_compiled(function, no_cfunc_wrapper=True)))


def reordering_kernel(function: Function) -> Function:
    """Compile a function that Python calls, whose sums may be taken in another order, and so in wide registers."""
    exact_but_for_order = {"contract", "nsz", "reassoc"}
    return cast("Function", _cached(_compiled(function, no_cfunc_wrapper=True, fastmath=exact_but_for_order)))


def part(function: Function) -> Function:
    """Compile a function that only kernels call, and that makes no array: inlined into them, never cached by itself.

    It counts no references: whoever calls it holds what it is given. That compiles in nine tenths of the time.
    """
    return _compiled(function, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)


def making_part(function: Function) -> Function:
    """Compile a part that makes arrays."""
    return _compiled(function, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _compiled(function: Function, **options: Any) -> Function:
    compiled: Any = numba.njit(nogil=True, **options)(function)
    return cast("Function", compiled)


class _Cache(FunctionCache):
    """numba's own cache on disk, which has the whole compiler ready before it looks whether something must be compiled.

    To load machine code takes numba's memory management alone: that spares a process a tenth of a second and nine
    megabytes. Where there is nothing to load, the compiler makes itself ready.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]


def _cached(kernel: Any) -> Any:
    """Have a kernel's machine code kept: what `numba.njit(cache=True)` does, with the cache above."""
    if not disabled():
        kernel._cache = _Cache(kernel.py_func)  # type: ignore[no-untyped-call]  # noqa: SLF001 - as numba does itself
    return kernel


def native(interpreted: Callable[..., Any]) -> Callable[[Callable[..., Any]], Any]:
    """Make a function that kernels call from LLVM's own instructions; see `numba.extending.intrinsic`.

    interpreted : what stands for it where NUMBA_DISABLE_JIT has the kernels run as Python.
    """

    def choose(typed: Callable[..., Any]) -> Any:
        return interpreted if disabled() else intrinsic(typed)

    return choose


def disabled() -> bool:
    """Whether kernels run as Python, as NUMBA_DISABLE_JIT has them."""
    return bool(config.DISABLE_JIT)
