"""Libraries that other libraries load where they are installed, and that no server and no worker ever uses."""

from __future__ import annotations

import sys

UNUSED = ("cffi", "pygments", "rich", "scipy", "yaml")
"""numba asks scipy whether it brings BLAS, cffi for types of C, and yaml for a file of options. structlog would print
errors by rich, which brings pygments; ours are lines of JSON, or plain. `rich` is for the commands."""


def leave_out() -> None:
    """Have them not be found in this process: a tenth of the time to start, and of the memory. To be called first."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type] # None is "not installed"
