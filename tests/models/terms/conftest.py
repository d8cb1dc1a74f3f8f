"""jieba itself, to compare with."""

from __future__ import annotations

import warnings
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def jieba(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The installed jieba with its own dictionary, which it keeps in a folder of the tests."""
    with warnings.catch_warnings():
        # jieba 0.42.1 was written for Python 2 and 3: its expressions are not raw strings, and it asks setuptools
        # for its files where setuptools still has pkg_resources.
        for message in (r"(.* is an )?invalid escape sequence", "pkg_resources is deprecated"):
            warnings.filterwarnings("ignore", message)
        import jieba  # noqa: PLC0415 - only here are its warnings expected

    jieba.setLogLevel("CRITICAL")
    jieba.dt.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    return jieba  # type: ignore[no-any-return] # jieba has no types
