"""jieba, which the peers cut with, brought in before they are."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

with warnings.catch_warnings():
    # jieba 0.42.1 was written for Python 2 and 3: its expressions are not raw strings, and it asks setuptools for its
    # files where setuptools still has pkg_resources.
    for message in (r"(.* is an )?invalid escape sequence", "pkg_resources is deprecated"):
        warnings.filterwarnings("ignore", message)
    import jieba


@pytest.fixture(autouse=True, scope="session")
def _own_jieba_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Jieba keeps its dictionary in a folder of the tests, not in one that everybody writes to."""
    before = jieba.dt.tmp_dir
    jieba.dt.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    yield
    jieba.dt.tmp_dir = before
