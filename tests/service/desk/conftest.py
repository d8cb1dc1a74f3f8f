"""A real browser on the real service: what the desk's tests share."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from service.keys import Scope, create_key
from service.store import open_store
from tests.service.desk.desk import Desk
from tests.service.server_process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# Read before the tests clear the environment of settings.
CHROMIUM = os.environ.get("LANMU_CHROMIUM") or shutil.which("chromium")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program. Without one the tests skip; in CI they fail."""
    if CHROMIUM:
        return CHROMIUM
    reason = "The desk's tests need Chromium: install it, or name its program in LANMU_CHROMIUM"
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One headless browser for a module: Playwright holds the thread's event loop, which other tests may want."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_desk(browser: Browser) -> Callable[..., AbstractContextManager[Desk]]:
    """Opens the desk of a server, in a browser with settings of its own (`locale`, `color_scheme`, …).

    The test fails where the browser complains and the test did not take the complaint out.
    """

    @contextmanager
    def opened(server: ServerProcess, **settings: Any) -> Iterator[Desk]:
        context = browser.new_context(**settings)
        page = context.new_page()
        desk = Desk(page, server)
        page.on("console", lambda message: desk.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        yield desk.open()
        context.close()
        assert desk.complaints == []

    return opened


@pytest.fixture
def desk(open_desk: Callable[..., AbstractContextManager[Desk]], server: ServerProcess) -> Iterator[Desk]:
    """The desk in Chinese."""
    with open_desk(server, locale="zh-CN") as opened:
        yield opened


@pytest.fixture(scope="module")
def keyed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, str]]:
    """A server that asks for a key, and the key."""
    folder = tmp_path_factory.mktemp("keyed")
    (folder / "var").mkdir()
    engine = open_store(f"sqlite:///{folder / 'var' / 'lanmu.db'}")
    token = create_key(engine, "desk", [Scope.PREDICT]).token
    engine.dispose()
    with ServerProcess.started(folder) as running:
        yield running, token
