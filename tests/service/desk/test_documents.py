"""The desk's pages as the server sends them."""

from __future__ import annotations

import html
import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.service.desk.desk import Desk
    from tests.service.server_process import ServerProcess

PAGES = ["/", "/docs", "/models", "/desk/desk.js"]


@pytest.mark.parametrize("path", PAGES)
def test_only_the_desks_own_files_may_run(server: ServerProcess, path: str) -> None:
    """Every page and file forbids what is inline or comes from elsewhere."""
    policy = server.get(path).headers["Content-Security-Policy"]

    assert {rule.partition(" ")[2] for rule in policy.split("; ")} == {"'none'", "'self'"}


@pytest.mark.parametrize("path", ["/", "/docs", "/models", "/models/report"])
def test_pages_name_no_other_host(server: ServerProcess, path: str) -> None:
    """No link, script or style of a page leads to another host, and none is inline."""
    page = server.get(path).body.decode()

    assert re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page) == []
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=", page) == []


@pytest.mark.parametrize(("accepted", "language"), [("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-CN"), ("fr", "zh-CN")])
def test_docs_speak_the_readers_language(server: ServerProcess, accepted: str, language: str) -> None:
    """Without scripts too, the page is in the language that the browser prefers."""
    page = server.get("/docs", **{"Accept-Language": accepted})

    assert f'<html lang="{language}">' in page.body.decode()
    assert "Accept-Language" in page.headers["Vary"]


def test_docs_tell_every_call(server: ServerProcess) -> None:
    """Each call of the OpenAPI document has its place on the docs page."""
    paths = json.loads(server.get("/openapi.json").body)["paths"]
    calls = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}

    page = server.get("/docs").body.decode()

    assert set(re.findall(r"<code>([A-Z]+ /[^<]*)</code>", page)) == calls


def test_docs_examples_work(server: ServerProcess) -> None:
    """The curl line of POST /v1/pages, sent as it stands, is answered with sections."""
    page = html.unescape(server.get("/docs").body.decode())
    line = next(found for found in re.findall(r"curl [^<]+", page) if "/v1/pages" in found)
    words = shlex.split(line)

    answer = server.post("/v1/pages", json.loads(words[words.index("--data-binary") + 1]))

    assert answer.status == 200
    assert answer.json["sections"]


def test_docs_need_no_script(desk: Desk) -> None:
    """The docs link of the desk leads to the docs in the language of the desk."""
    desk.page.click("button[data-language=en]")
    desk.page.click("#docs")

    assert desk.page.text_content("h1") == "API docs"
    assert desk.page.locator("script").count() == 0
