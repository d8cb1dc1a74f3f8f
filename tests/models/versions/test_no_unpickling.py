"""Opening a version reaches no unpickling, whatever lies in its folder.

What remains: numba keeps machine code in a cache of its own, in a private folder of the program, and unpickles what it
finds there. Whoever can write to that folder can run code; whoever can write to a version's folder cannot.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import models
from models.versions import Registry, read_version, write_version

if TYPE_CHECKING:
    import pytest

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

SHIPPED = Path(models.__file__).parent / "saved"

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


ANSWER = """
import json, sys
opened, found = [], []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and "/" not in arguments[0]:
        opened.append(arguments[0])  # relative names are those that `read_version` opens in the version's folder
    elif event == "open" and str(arguments[0]).startswith(sys.argv[1]):
        found.append(arguments[0])
    elif event == "pickle.find_class":
        found.append(arguments)
sys.modules["joblib"] = sys.modules["sklearn"] = None
sys.addaudithook(watch)
from pathlib import Path
from models.model import Model
from models.splitting import split_text
model = Model.load(Path(sys.argv[1]))
model.warm()
results = model.classify_pages([split_text("相关推荐\\n充电桩为什么总是坏？\\n")], evidence=True)
print(json.dumps([sorted(opened), [each for each in found if each != sys.argv[1]], len(results)]))
"""


def test_answering_unpickles_nothing(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the import of the model to its answer no class is looked up for a pickle, and no file is opened twice.

    The kernels are interpreted here: numba's own cache is out of the picture, and the count of pickles is exactly zero.
    """
    shipped = Registry(SHIPPED)
    saved = read_version(shipped.folder(shipped.champion()))
    bomb = {"card.md": b"", "pipeline.joblib": pickle.dumps(Bomb(tmp_path / "mark"))}
    parts: dict[str, Any] = {"weights": saved.weights, "metadata": saved.metadata, "golden": saved.golden[:3]}
    folder = write_version(tmp_path, "armed", **parts, extra=bomb)
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    # Interpreted, unsigned arithmetic warns where it wraps around, as hashes are meant to.
    monkeypatch.setenv("PYTHONWARNINGS", "ignore::RuntimeWarning")

    output, errors = start(ANSWER, folder).communicate(timeout=300)

    assert (output, errors) == (f"[{FILES}, [], 1]\n", "")
    assert not (tmp_path / "mark").exists()
