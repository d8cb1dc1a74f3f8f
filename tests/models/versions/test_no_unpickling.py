"""Opening a version reaches no unpickling, whatever lies in its folder.

What remains: numba keeps machine code in a cache of its own and unpickles the index of that cache. The cache lies in a
private folder of the program, outside of every version, so nobody can bring a pickle in by way of a model.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.versions.conftest import Save, Start

WATCH = """
import json, sys
opened, found = [], []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):  # else a descriptor that is open already
        opened.append(arguments[0])
    elif event in ("pickle.find_class", "marshal.loads", "marshal.load"):
        found.append(event)
sys.modules["joblib"] = sys.modules["sklearn"] = None  # an import of either is an ImportError now
from pathlib import Path
from models.versions import read_version
sys.addaudithook(watch)
read_version(Path(sys.argv[1]))
print(json.dumps([sorted(name for name in opened if name != sys.argv[1]), found]))
"""

FILES = '["MANIFEST", "card.md", "golden.jsonl", "model.json", "pipeline.joblib", "weights.safetensors"]'


class Bomb:
    """Leaves a mark in the file system when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        """Tell pickle to open the mark for writing."""
        return open, (str(self.mark), "w")


def test_reading_a_version_unpickles_nothing(save: Save, start: Start, tmp_path: Path) -> None:
    """Each file is opened once, pipeline.joblib for its hash alone: no class is looked up and no code is run."""
    bomb = pickle.dumps(Bomb(tmp_path / "mark"))
    folder = save(extra={"card.md": b"", "pipeline.joblib": bomb})

    output, errors = start(WATCH, folder).communicate(timeout=60)

    assert (output, errors) == (f"[{FILES}, []]\n", "")
    assert not (tmp_path / "mark").exists()
