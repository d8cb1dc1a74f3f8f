"""What is compiled ahead of time is what answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

WARM_AND_JUDGE = """
from models.judging.calibration import scaled
from models.judging.context import context_rows
from models.judging.decision import decide
from models.judging.trees import add_trees
from models.model import Model
from models.splitting import split_given
from models.versions import SHIPPED_MODELS, Registry

registry = Registry(SHIPPED_MODELS)
model = Model.load(registry.folder(registry.champion()))
model.warm_judging()
model.classify_pages([split_given(["显然，这次涨价毫无道理。", "相关阅读"])])
print(*(len(kernel.signatures) for kernel in (scaled, decide, context_rows, add_trees)))
"""


def test_what_judges_scores_is_compiled_once() -> None:
    """Warming it alone compiles for the types that answering calls it with, and for no others."""
    answer = subprocess.run(
        [sys.executable, "-c", WARM_AND_JUDGE], cwd=ROOT, capture_output=True, check=True, text=True
    )

    assert "1 1 1 1\n" == answer.stdout
