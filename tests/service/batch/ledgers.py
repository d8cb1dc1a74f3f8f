"""What the ledger of a batch says, finished or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path


def unfinished_ledger(target: Path) -> Path:
    """The ledger of an unfinished batch."""
    return target.with_name(f"{target.name}.unfinished") / "ledger.jsonl"


def ledger_lines(ledger: Path) -> list[dict[str, Any]]:
    """What a ledger says of blocks; a kill may have cut its last line off."""
    lines = ledger.read_bytes().splitlines(keepends=True) if ledger.exists() else []
    told = [orjson.loads(line) for line in lines if line.endswith(b"\n")]
    return [line for line in told if "block" in line]


def done_files(target: Path) -> dict[Path, tuple[int, int]]:
    """Which file is there of each block that is done; one that is written again is another file."""
    ledger = unfinished_ledger(target)
    blocks = {f"{line['block']:06}" for line in ledger_lines(ledger)}
    found = [file for file in ledger.parent.glob("0*.*") if file.stem in blocks]
    return {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in found}
