"""The report as a browser shows and prints it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from training.train import Trained

CHROMIUM = os.environ.get("LANMU_CHROMIUM") or shutil.which("chromium")


@pytest.fixture
def shown(trained: Trained) -> Iterator[Page]:
    """The small version's report in a browser without a network and without JavaScript."""
    if not CHROMIUM and "CI" not in os.environ:
        pytest.skip("needs Chromium: install it, or name its program in LANMU_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(offline=True, java_script_enabled=False)
        page = context.new_page()
        page.goto((trained.folder / "report.html").as_uri())
        yield page
        browser.close()


def test_one_language_can_be_hidden(shown: Page) -> None:
    """Both are shown until one is chosen; paper shows what was chosen, without the switch."""
    english, chinese = shown.get_by_text("Reliability of given labels"), shown.get_by_text("可靠性曲线（已作答）")
    expect(english).to_be_visible()
    expect(chinese).to_be_visible()

    shown.get_by_label("中文").check()

    expect(english).to_be_hidden()
    expect(chinese).to_be_visible()
    shown.emulate_media(media="print")
    expect(shown.get_by_label("English")).to_be_hidden()
    expect(chinese).to_be_visible()


def test_curves_are_drawn(shown: Page) -> None:
    """Each plot's lines lie inside its field."""
    for name in ("reliability", "risk", "learning"):
        plot = shown.locator(f"#{name} svg[role=img]")
        field, line = plot.bounding_box(), plot.locator("polyline").first.bounding_box()

        assert field
        assert line
        assert field["x"] <= line["x"] < line["x"] + line["width"] <= field["x"] + field["width"]
        assert field["y"] <= line["y"] <= line["y"] + line["height"] <= field["y"] + field["height"]
