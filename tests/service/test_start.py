"""What the processes load, and what the server has done beside its own start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service.server_process import ROOT

SHOW = "import sys; print(*sorted(name for name, found in sys.modules.items() if found))"

ASKING_FOR_KEYS = """
from service.app import create_app
from service.parts import EXTENSION
create_app(settings).extensions[EXTENSION].keyring.warm()
"""
ASKING_FOR_JOBS = """
import service.jobs.work
from service.jobs.claims import Claims
from service.store import open_store
Claims(open_store(settings.store_url), "test", 30).claim(["training"])
"""
"""What a server and a worker do with their database at first. settings : made before."""


def loaded_by(code: str) -> set[str]:
    """The modules that a process has loaded after some code."""
    command = [sys.executable, "-c", f"{code}\n{SHOW}"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split())


def test_the_command_makes_way_before_it_loads_what_the_server_loads() -> None:
    """`lanmu serve` checks no settings by itself, for which it would load pydantic."""
    loaded = loaded_by("import service.cli.main, service.cli.serve")

    assert not loaded & {"pydantic", "numpy", "sqlalchemy", "rich"}


def test_a_worker_stays_small() -> None:
    """A worker for jobs, which is started with every server, loads no model, and nothing that it never uses."""
    loaded = loaded_by("from service.optional import leave_out; leave_out(); import service.jobs.work")

    assert "sqlalchemy" in loaded
    assert not loaded & {"numpy", "numba", "alembic", "flask", "rich", "pygments"}


def test_a_server_loads_nothing_that_it_never_uses() -> None:
    """Libraries that others would load where they are installed are not."""
    loaded = loaded_by("from service.optional import leave_out; leave_out(); import service.server")

    assert {"numba", "structlog"} <= loaded
    assert not loaded & {"alembic", "cffi", "pygments", "rich", "scipy", "yaml"}


@pytest.mark.parametrize("code", [ASKING_FOR_KEYS, ASKING_FOR_JOBS], ids=["server", "worker"])
def test_neither_server_nor_worker_loads_what_their_database_does_not_need(tmp_path: Path, code: str) -> None:
    """No object-relational mapper, and nothing of PostgreSQL where SQLite is in use."""
    setting = f"from service.settings import Settings; settings = Settings(data_dir={str(tmp_path)!r})"
    loaded_by(f"{setting}; from service.store import open_store; open_store(settings.store_url)")  # migrated

    loaded = loaded_by(f"{setting}\n{code}")

    assert "sqlalchemy.dialects.sqlite" in loaded
    assert not loaded & {"sqlalchemy.orm", "sqlalchemy.dialects.postgresql", "service.store.indexes"}


def test_a_policy_that_is_wrong_ends_the_start(tmp_path: Path) -> None:
    """What the child that prepares finds wrong ends the server, with its status and its words alone."""
    policy = tmp_path / "policy.json"
    policy.write_text("{}")
    variables = {"LANMU_POLICY": str(policy), "LANMU_DATA_DIR": str(tmp_path / "var"), "LANMU_WORKER": "off"}

    ended = subprocess.run(
        [sys.executable, "-m", "service.serve"],
        cwd=ROOT, env=os.environ | variables, capture_output=True, check=False, text=True, timeout=120,
    )  # fmt: skip

    assert 2 == ended.returncode
    assert str(policy) in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "" == ended.stdout


@pytest.mark.parametrize(
    ("work", "status"),
    [("None", 0), ("sys.exit(2)", 2), ("1 / 0", 1), ("os.kill(os.getpid(), 9)", 1)],
    ids=["done", "refused", "failed", "killed"],
)
def test_a_child_that_fails_ends_the_start(work: str, status: int) -> None:
    """Its parent goes on where it did its work, and ends with its status where not."""
    code = f"import os, sys; from service.start import Child; Child(lambda: {work}).wait(); print('goes on')"

    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, text=True)

    assert (status, "goes on" in ended.stdout) == (ended.returncode, status == 0)


@pytest.mark.slow
def test_at_the_first_start_ever_children_compile(tmp_path: Path) -> None:
    """With an empty cache they make the dictionary and all kernels that the server loads; with a full one none do."""
    environment = os.environ | {"LANMU_CACHE_DIR": str(tmp_path)}
    code = (
        "from pathlib import Path; from service.start import compile_beside\n"
        "print([child.ended() for child in compile_beside()])\n"
        "def compiled(): return {str(file) for file in Path(os.environ['LANMU_CACHE_DIR']).glob('kernels-*/*/*.nbc')}\n"
        "import os; before = compiled()\n"
        "from models.model import Model; from models.versions import SHIPPED_MODELS, Registry\n"
        "registry = Registry(SHIPPED_MODELS); Model.load(registry.folder(registry.champion())).warm()\n"
        "print(compiled() - before)"
    )

    first, second = (
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True, text=True
        )
        for _ in range(2)
    )
    compiled = {file.name.partition("-")[0] for file in tmp_path.glob("kernels-*/*/*.nbi")}

    assert "[0, 0, 0]\nset()\n" == first.stdout
    assert "[]\nset()\n" == second.stdout
    assert {"context.context_rows", "kernel.score_texts", "network.ramps", "rules._cut", "trie.grow"} <= compiled
    assert [True] == [(folder / "02.npy").is_file() for folder in tmp_path.glob("dictionary-*")]
