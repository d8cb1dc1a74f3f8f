"""The desk's page of batches, in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, Route, expect

from service.keys import Scope, create_key
from service.store import open_store
from tests.service.desk.desk import DROPPED
from tests.service.files.calls import LIMITS, LONG, TEXTS, Caller, many
from tests.service.server_process import ServerProcess

if TYPE_CHECKING:
    from tests.service.desk.desk import Desk

Open = Callable[..., AbstractContextManager["Desk"]]
LARGE = """(size) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(size)], "a.csv"));
  document.querySelector("#chosen").files = transfer.files;
  document.querySelector("#chosen").dispatchEvent(new Event("change"));
}"""
"""Chooses a file of so many bytes."""

HOSTILE = "<img src=x onerror=alert(1)>.csv"


@pytest.fixture(scope="module")
def batch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a worker for jobs."""
    with ServerProcess.started(tmp_path_factory.mktemp("jobs"), LANMU_WORKER="on", **LIMITS) as running:
        yield running


@pytest.fixture(scope="module")
def keyed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, str]]:
    """One that asks for a key, and the key."""
    folder = tmp_path_factory.mktemp("keyed")
    (folder / "var").mkdir()
    engine = open_store(f"sqlite:///{folder / 'var' / 'lanmu.db'}")
    token = create_key(engine, "desk", [Scope.BATCH]).token
    engine.dispose()
    with ServerProcess.started(folder, LANMU_WORKER="on", **LIMITS) as running:
        yield running, token


@pytest.fixture
def page(open_desk: Open, batch_server: ServerProcess) -> Iterator[Page]:
    """The page in English."""
    with open_desk(batch_server, locale="en", accept_downloads=True) as desk:
        yield opened(desk)


def opened(desk: Desk) -> Page:
    """The page of batches."""
    desk.page.goto(f"http://127.0.0.1:{desk.server.port}/jobs")
    desk.page.wait_for_selector("html[data-ready]")
    return desk.page


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file on the page."""
    told = {"name": name, "data": b64encode(content).decode(), "beside": 0}
    page.dispatch_event("#input", "drop", {"dataTransfer": page.evaluate_handle(DROPPED, told)})
    expect(page.locator("#file")).to_contain_text(name)


def table() -> bytes:
    """CSV with a bad row."""
    stream = io.StringIO()
    csv.writer(stream).writerows([("id", "text"), *enumerate(TEXTS), ("3", "a", "b")])
    return stream.getvalue().encode()


def test_a_dropped_table_is_answered_and_downloaded(open_desk: Open, keyed_server: tuple[ServerProcess, str]) -> None:
    """Progress, counts, a bar for each label; answers and errors come as files, by the key that the page asked for."""
    server, token = keyed_server
    with open_desk(server, locale="en", accept_downloads=True) as desk:
        page = desk.page
        page.goto(f"http://127.0.0.1:{server.port}/jobs")
        page.fill("#key-field", token)
        page.press("#key-field", "Enter")
        page.wait_for_selector("html[data-ready]")
        drop(page, HOSTILE, table())
        page.select_option("#answers", "labels")
        page.select_option("#format", "jsonl")
        page.click("#start")

        job = page.locator(".batch").first
        expect(job.locator(".badge")).to_have_text("done", timeout=60_000)
        expect(job.locator("h2")).to_contain_text(HOSTILE)
        expect(job).to_contain_text("4 records: 3 done, 1 with errors")
        expect(job.locator(".chart li")).to_have_count(3)
        expect(job.locator(".chart")).to_contain_text("1 · 33%")
        answers, errors = downloaded(page, job, "Download answers"), downloaded(page, job, "Download errors")
        assert all("401" in complaint for complaint in desk.complaints)
        desk.complaints.clear()

    assert ["opinion", "recommendation_teaser", "tech_analysis"] == [answer["label"] for answer in answers]
    assert [5] == [error["line"] for error in errors]


def downloaded(page: Page, job: Locator, link: str) -> list[Any]:
    """The lines of a file that a link of a job gives."""
    with page.expect_download() as download:
        job.get_by_text(link).click()
    return [json.loads(line) for line in Path(download.value.path()).read_text("utf-8").splitlines()]


@pytest.mark.slow
def test_requests_are_told_from_records_and_cancelled(page: Page) -> None:
    """By the first line; a job that runs shows how far it is, and keeps what it has when the button ends it."""
    requests: FilePayload = {"name": "requests.jsonl", "mimeType": "application/jsonl", "buffer": many(LONG)}
    page.set_input_files("#chosen", requests)
    expect(page.locator("#holds")).to_have_value("/v1/moderations")
    expect(page.locator("#format")).to_be_hidden()
    page.click("#start")
    job = page.locator(".batch").first
    expect(job.locator("h2")).to_contain_text("requests.jsonl", timeout=30_000)
    expect(job.locator("progress")).to_have_attribute("value", re.compile("[1-9]"), timeout=60_000)

    job.get_by_role("button", name="Cancel").click()

    expect(job.locator(".badge")).to_have_text("cancelled", timeout=60_000)
    expect(job.locator("progress")).to_have_count(0)
    answers = downloaded(page, job, "Download answers")
    assert "r-0" == answers[0]["custom_id"]
    assert 0 < len(answers) < LONG


def test_a_batch_is_being_cancelled_until_it_is(page: Page) -> None:
    """Then its badge tells all, and the line above says so no longer; the service's answers are played here."""
    counts = {"total": 9, "completed": 4, "failed": 0}
    batch: dict[str, Any] = {"id": "batch_1", "filename": "a.jsonl", "created_at": 0, "endpoint": "", "model": ""}
    batch |= {"status": "in_progress", "request_counts": counts, "labels": {}}

    def cancel(route: Route) -> None:
        batch["status"] = "cancelling"
        route.fulfill(json=batch)

    listed = {"data": [batch], "has_more": False, "last_id": "batch_1"}
    page.route("**/v1/batches?*", lambda route: route.fulfill(json=listed))
    page.route("**/v1/batches/*/cancel", cancel)
    page.reload()
    job = page.locator(".batch").first
    job.get_by_role("button", name="Cancel").click()
    expect(page.locator("#status")).to_have_text("a.jsonl is being cancelled.")

    batch["status"] = "cancelled"

    expect(job.locator(".badge")).to_have_text("cancelled")
    expect(page.locator("#status")).to_have_text("")


def test_what_is_refused_is_told_in_words(open_desk: Open, batch_server: ServerProcess) -> None:
    """A file that is too large is named as such, and nothing is queued."""
    with open_desk(batch_server, locale="en") as desk:
        page = opened(desk)
        before = page.locator(".batch").count()
        page.evaluate(LARGE, int(LIMITS["LANMU_MAX_FILE_BYTES"]) + 1)
        page.click("#start")

        expect(page.locator("#problem")).to_contain_text("LANMU_MAX_FILE_BYTES", timeout=30_000)
        assert before == page.locator(".batch").count()
        assert ["413" in complaint for complaint in desk.complaints] == [True]
        desk.complaints.clear()


def test_the_page_speaks_chinese_and_fits_a_phone(open_desk: Open, batch_server: ServerProcess) -> None:
    """In the language that is chosen, and nothing is wider than the screen."""
    with Caller.of(batch_server) as caller:
        caller.over(caller.order(b"{broken", "/v1/moderations"))
    with open_desk(batch_server, locale="zh-CN", viewport={"width": 320, "height": 640}) as desk:
        page = opened(desk)

        expect(page.locator("h1")).to_have_text("批量作业")
        expect(page.locator(".batch .badge").first).to_have_text("已完成")
        expect(page.locator(".batch").first).to_contain_text("共 1 条：完成 0，有误 1")
        assert 320 == page.evaluate("document.documentElement.scrollWidth")
        page.click("button[data-language=en]")
        expect(page.locator(".batch .badge").first).to_have_text("done")
        expect(page.locator(".batch").first).to_contain_text("1 record: 0 done, 1 with errors")
