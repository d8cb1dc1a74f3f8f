"""The application, its client, and the real server as a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.versions import Registry
from service.app import create_app
from service.settings import PREFIX, Settings
from service.store import open_store
from tests.service.databases import BACKENDS, database
from tests.service.server_process import ServerProcess
from training.train import Trained


@pytest.fixture(scope="session", autouse=True)
def plain_environment() -> Iterator[None]:
    """No setting of the person who runs the tests reaches them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the shipped champion, open to everybody."""
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("var")))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application."""
    return app.test_client()


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., Flask]:
    """An application with settings of one's own; without a model where none are given, which is quick."""

    def make(**chosen: Any) -> Flask:
        return create_app(Settings(**({"data_dir": tmp_path / "var", "models_dir": tmp_path} | chosen)))

    return make


@pytest.fixture(params=BACKENDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new, empty database: the test runs on SQLite, and on PostgreSQL where there is a server."""
    with database(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Engine]:
    """A new database with the newest schema."""
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The production server with the shipped champion, as a process of its own, on a free port."""
    with ServerProcess.started(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def stuck_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """The production server with routes that hang, and a watchdog that gives them 2 seconds."""
    with ServerProcess.started(
        tmp_path, module="tests.service.stuck", LANMU_REQUEST_TIMEOUT_S="2", LANMU_MODELS_DIR=str(tmp_path)
    ) as running:
        yield running


@pytest.fixture(scope="session")
def make_small_registry(trained: Trained) -> Callable[[Path], Registry]:
    """Makes a registry whose champion is the small version."""

    def make(folder: Path) -> Registry:
        shutil.copytree(trained.folder, folder / "small")
        made = Registry(folder)
        made.promote("small", who="ann", why="for a test")
        return made

    return make
