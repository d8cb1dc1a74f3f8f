"""What help and exit codes look like; no library is loaded for it."""

from __future__ import annotations

SOME_BAD = 3
"""Exit code of a command that did its work and found bad records or versions."""

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


def example(*lines: str) -> str:
    """The end of a command's help: an example, kept as it stands."""
    return "\n".join(["\b", "Example:", *(f"  {line}" for line in lines)])
