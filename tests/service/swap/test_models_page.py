"""The desk's page of versions, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from models.versions import Registry
from service.jobs import Jobs
from service.jobs.claims import Claims, Progress
from service.keys import Scope, create_key
from service.store import open_store
from tests.service.desk.conftest import browser, chromium, open_desk
from tests.service.server_process import ServerProcess
from tests.service.swap.conftest import WHO

if TYPE_CHECKING:
    from tests.service.desk.desk import Desk

__all__ = ["browser", "chromium", "open_desk"]

Open = Callable[..., AbstractContextManager["Desk"]]
SIDE_BY_SIDE = b"<!doctype html><title>x</title><style>p{color:red}</style><p>side by side"
LINES_OF_LINKS = """() => [...document.querySelectorAll(".masthead nav :is(a, button)")].map((link) => {
  const range = document.createRange();
  range.selectNodeContents(link);
  return new Set([...range.getClientRects()].map((line) => line.top)).size;
})"""
"""On how many lines each link and button of the navigation stands."""
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def page(open_desk: Open, start_server: Callable[..., ServerProcess], registry: Registry) -> Iterator[Page]:
    """The page in English, on two versions, with a comparison and a shadow."""
    registry.set_shadow("fourth", who="ann", why=HOSTILE)
    registry.record_comparison(
        "small", "fourth", b"<!doctype html><title>x</title><style>p{color:red}</style><p>side by side"
    )
    with open_desk(start_server(), locale="en") as desk:
        desk.page.goto(f"http://127.0.0.1:{desk.server.port}/models")
        desk.page.wait_for_selector("html[data-ready]")
        yield desk.page


def test_a_version_is_promoted_and_rolled_back_by_hand(page: Page, registry: Registry) -> None:
    """Both ask for a reason first, with the keyboard as well; the page then tells who answers, and why."""
    page.locator("button[data-act=promote][data-version=fourth]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert "small" == registry.champion()

    page.click("button[data-act=promote][data-version=fourth]")
    page.fill("#why", "it knows recipes")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("fourth answers from now on.")
    expect(page.locator("#versions tr", has_text="champion")).to_contain_text("fourth")

    page.click("#rollback")
    page.fill("#why", HOSTILE)
    page.click("#confirm button[value=yes]")
    expect(page.locator("#status")).to_contain_text("small answers from now on.")
    expect(page.locator("#history tbody tr").first).to_contain_text(HOSTILE)
    assert ["it knows recipes", HOSTILE] == [change.why for change in registry.history()[1:]]


def test_no_word_of_the_navigation_is_broken_on_a_telephone(page: Page) -> None:
    """Its links stand beside or below each other, each on one line, and nothing sticks out."""
    page.set_viewport_size({"width": 360, "height": 700})

    assert {1} == set(page.evaluate(LINES_OF_LINKS))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_tells_figures_verdicts_shadow_and_drift(page: Page) -> None:
    """Each version has its figures and a dot on every line; a version's report and the comparison can be read."""
    expect(page.locator("#versions tbody tr")).to_have_count(2)
    expect(page.locator("#quality circle")).to_have_count(6)
    expect(page.locator("#versions")).to_contain_text("passed")
    expect(page.locator("#shadow-note")).to_contain_text("fourth has scored")
    expect(page.locator("#drift")).to_contain_text("words the model does not know")

    page.click("text=Against the champion")
    frame = page.frame_locator("#frame")
    expect(frame.locator("p")).to_have_text("side by side")
    expect(frame.locator("p")).to_have_css("color", "rgb(255, 0, 0)")
    page.click("#back")
    page.locator("#versions a", has_text="Report").first.click()
    expect(page.frame_locator("#frame").locator("h1")).to_have_text("fourth")


def test_a_running_training_has_a_progress_bar(page: Page, tmp_path: Path) -> None:
    """It comes with the training, tells the stage and how much is done, and goes with it."""
    engine = open_store(f"sqlite:///{tmp_path / 'server' / 'var' / 'lanmu.db'}")
    bar, claims = page.locator("#progress"), Claims(engine, "a worker", lease_s=60)
    expect(bar).to_be_hidden()

    Jobs(engine).add("training", {}, once="training")
    expect(page.locator("#training")).to_contain_text("queued", timeout=20_000)
    job = claims.claim(["training"])
    assert job is not None
    claims.renew(job, Progress("train: scoring", 1, 5))

    expect(bar).to_have_js_property("value", 1, timeout=20_000)
    expect(bar).to_have_js_property("max", 5)
    expect(page.locator("#stage")).to_contain_text("train: scoring")
    claims.fail(job, "it was for a test")
    expect(bar).to_be_hidden(timeout=20_000)
    engine.dispose()


def test_what_the_gate_refused_is_promoted_only_when_forced(page: Page, registry: Registry) -> None:
    """The reasons are shown, and without the tick nothing is sent."""
    registry.record_verdict("fourth", {"passed": False, "reasons": ["recall of opinion fell"]})
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.click("button[data-act=promote][data-version=fourth]")
    page.fill("#why", "all the same")

    page.click("#confirm button[value=yes]")
    expect(page.locator("#confirm")).to_be_visible()
    expect(page.locator("#objection")).to_contain_text("recall of opinion fell")
    page.check("#force")
    page.click("#confirm button[value=yes]")

    expect(page.locator("#status")).to_contain_text("fourth answers from now on.")
    assert registry.history()[-1].why.startswith("all the same (forced: the gate refused")


def test_a_key_that_may_only_look_is_told_so(
    open_desk: Open, start_server: Callable[..., ServerProcess], tmp_path: Path, registry: Registry
) -> None:
    """With the scope predict the page can be read; promoting is refused in words, and nothing changes."""
    (tmp_path / "server" / "var").mkdir(parents=True)
    engine = open_store(f"sqlite:///{tmp_path / 'server' / 'var' / 'lanmu.db'}")
    token = create_key(engine, "reader", [Scope.PREDICT]).token
    engine.dispose()
    registry.promote("small", **WHO)
    with open_desk(start_server(), locale="en", viewport={"width": 320, "height": 640}) as desk:
        desk.page.goto(f"http://127.0.0.1:{desk.server.port}/models")
        desk.page.fill("#key-field", token)
        desk.page.press("#key-field", "Enter")
        desk.page.wait_for_selector("html[data-ready]")
        desk.page.click("button[data-act=promote][data-version=fourth]")
        desk.page.fill("#why", "why not")
        desk.page.click("#confirm button[value=yes]")

        expect(desk.page.locator("#problem")).to_contain_text("needs a key with the scope 'train'")
        assert 320 == desk.page.evaluate("document.documentElement.scrollWidth")
        assert all("40" in complaint for complaint in desk.complaints)
        desk.complaints.clear()
    assert "small" == registry.champion()
