"""How the desk behaves towards people: languages, keys, errors, small screens, paper, colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.service.desk.desk import PAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.service.desk.desk import Desk
    from tests.service.server_process import ServerProcess

    Open = Callable[..., AbstractContextManager[Desk]]

AA = 4.5
"""The least contrast of text that WCAG 2 asks for at level AA."""

CONTRASTS = """() => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const context = canvas.getContext("2d", {willReadFrequently: true});
  const luminance = (colour) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const linear = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)
      .map((value) => value / 255).map((value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const coloured = (ink, paper) => {
    probe.style.color = ink;
    probe.style.backgroundColor = paper;
    const style = getComputedStyle(probe);
    return contrast(style.color, style.backgroundColor);
  };
  const probe = document.body.appendChild(document.createElement("span"));
  probe.className = "labelled";
  const label = ["--tint", "--paper", "--sheet"].map((paper) => ["var(--label)", `var(${paper})`]);
  const text = ["--tint", "--mark"].map((paper) => ["var(--ink)", `var(${paper})`]);
  const plain = ["--paper", "--sheet"].map((paper) => ["var(--quiet)", `var(${paper})`]);
  const pairs = [...label, ...text, ...plain, ["var(--on-seal)", "var(--seal)"], ["var(--seal)", "var(--paper)"]];
  return Array.from({length: 36}, (_, step) => {
    probe.style.setProperty("--hue", String(step * 10));
    return pairs.map(([ink, paper]) => coloured(ink, paper));
  }).flat();
}"""


@pytest.mark.parametrize(("locale", "language", "button"), [("zh-CN", "zh-CN", "标注"), ("en-GB", "en", "Label")])
def test_browser_chooses_the_language(
    open_desk: Open, server: ServerProcess, locale: str, language: str, button: str
) -> None:
    """The desk speaks the browser's language and says so in `lang`."""
    with open_desk(server, locale=locale) as desk:
        assert desk.page.get_attribute("html", "lang") == language
        assert desk.page.text_content("#label") == button


def test_language_switch_is_remembered(desk: Desk) -> None:
    """After a switch to English the result is in English, and so is the desk when it is opened again."""
    desk.label(PAGE).first.click()
    desk.page.click("button[data-language=en]")

    expect(desk.page.locator("#legend .name").first).to_have_text("All")
    expect(desk.page.locator(".section.open h3").first).to_have_text("Probabilities")
    desk.page.reload()
    expect(desk.page.locator("#label")).to_have_text("Label")
    assert desk.page.get_attribute("html", "lang") == "en"


def test_key_is_asked_for_and_forgotten_with_the_tab(open_desk: Open, keyed_server: tuple[ServerProcess, str]) -> None:
    """Where the service needs a key, the desk asks for it, uses it, and keeps it in sessionStorage only."""
    server, token = keyed_server
    with open_desk(server, locale="en") as desk:
        desk.paste(PAGE)
        desk.page.click("#label")
        desk.page.fill("#key-field", token)
        desk.page.press("#key-field", "Enter")

        desk.shown()
        assert token in desk.page.evaluate("Object.values({...sessionStorage})")
        assert token not in desk.page.evaluate("Object.values({...localStorage})")
        assert "401" in desk.complaints.pop()


def test_wrong_key_is_told(open_desk: Open, keyed_server: tuple[ServerProcess, str]) -> None:
    """Who gives up after a wrong key reads why nothing is labelled."""
    with open_desk(keyed_server[0], locale="en") as desk:
        desk.paste(PAGE)
        desk.page.click("#label")
        desk.page.fill("#key-field", "wrong.key")
        desk.page.press("#key-field", "Enter")
        desk.page.click("#key button[value=cancel]")

        expect(desk.page.locator("#problem")).to_contain_text("There is no key, or it is wrong.")
        assert ["401" in complaint for complaint in desk.complaints] == [True, True]
        desk.complaints.clear()


def test_error_is_told_with_its_place(desk: Desk) -> None:
    """A refused page is answered in words, with the pointer that the service gives."""
    desk.paste("我认为\ud800")
    desk.page.click("#label")

    expect(desk.page.locator("#problem")).to_contain_text("请求里有一处不合要求。")
    expect(desk.page.locator("#problem code").first).to_have_text("/page")
    assert "422" in desk.complaints.pop()


def test_too_large_file_is_told(desk: Desk, tmp_path: Path) -> None:
    """A file beyond the service's limit is answered in words, with the limit."""
    large = tmp_path / "page.txt"
    large.write_bytes(b"a" * (16 * 1024 * 1024 + 1))
    desk.page.set_input_files("#chosen", large)

    expect(desk.page.locator("#problem")).to_contain_text("这一页太大了。", timeout=30_000)
    expect(desk.page.locator("#problem")).to_contain_text("16777216")
    assert "413" in desk.complaints.pop()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_narrow_screen_needs_no_sideways_scrolling(open_desk: Open, server: ServerProcess, locale: str) -> None:
    """On a screen of 320 pixels nothing is wider than the screen, with a section open."""
    with open_desk(server, locale=locale, viewport={"width": 320, "height": 640}) as desk:
        desk.label(PAGE + "长" * 400 + "x" * 400).first.click()

        assert desk.page.evaluate("document.documentElement.scrollWidth") == 320


def test_paper_shows_the_sections_only(desk: Desk) -> None:
    """Printed, the page has every section with the name of its label, no controls, and dark ink in a dark room too."""
    sections = desk.label(PAGE)
    desk.page.emulate_media(media="print", color_scheme="dark")

    expect(desk.page.locator("#input")).to_be_hidden()
    expect(desk.page.locator("#legend")).to_be_hidden()
    assert all(name.is_visible() for name in sections.locator(".tag .name").all())
    expect(desk.page.locator("body")).to_have_css("color", "rgb(29, 27, 24)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_hue_can_be_read(open_desk: Open, server: ServerProcess, scheme: str) -> None:
    """Text on each of the desk's backgrounds reaches AA contrast, whatever hue a label gets."""
    with open_desk(server, color_scheme=scheme) as desk:
        contrasts = desk.page.evaluate(CONTRASTS)

    assert min(contrasts) >= AA
