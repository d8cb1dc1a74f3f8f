"""What a person sees on opening sections, and how they move among them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.service.desk.desk import PAGE, squeezed

if TYPE_CHECKING:
    from tests.service.desk.desk import Desk

ASTRAL = "😀𠮷😀" * 20 + "我认为这样的涨价毫无道理，厂商显然只顾眼前的利润。\n\n" + PAGE


def test_click_shows_the_words_that_decided(desk: Desk) -> None:
    """A click on a section marks its strongest evidence in the text and lists it."""
    index, strongest = desk.strongest(PAGE)

    section = desk.label(PAGE).nth(index)
    section.locator(".text").click()

    assert strongest in section.locator("mark").all_text_contents()
    assert strongest in section.locator(".evidence .word").all_text_contents()


def test_open_section_shows_every_probability(desk: Desk) -> None:
    """An open section has one bar for each probability, the largest first, as long as it is large."""
    probabilities = desk.answer(PAGE)["sections"][0]["probabilities"]

    section = desk.label(PAGE).first
    section.click()
    shares = section.locator(".fill").evaluate_all(
        "all => all.map(one => Number(one.style.getPropertyValue('--share')))"
    )

    assert shares == sorted(probabilities.values(), reverse=True)


def test_abstention_is_explained(desk: Desk) -> None:
    """A section without a label says in words why."""
    reasons = [section["abstain_reason"] for section in desk.answer(PAGE)["sections"]]
    index = reasons.index("none_of_these")

    section = desk.label(PAGE).nth(index)
    section.click()

    assert section.locator(".reason").text_content() == "这一段哪一类都不是：菜单、版权、署名、一般叙述之类。"


def test_astral_characters_do_not_shift_the_marks(desk: Desk) -> None:
    """Behind characters of two UTF-16 units the marks still stand on the very words."""
    index, strongest = desk.strongest(ASTRAL, containing="显然")

    section = desk.label(ASTRAL).nth(index)
    section.locator(".tag").click()

    assert strongest in section.locator("mark").all_text_contents()
    assert desk.texts() == squeezed(ASTRAL)


def test_keyboard_alone_opens_sections(desk: Desk) -> None:
    """Tab reaches the list once, arrows move in it, Enter opens, Escape closes."""
    sections = desk.label(PAGE)
    sections.first.locator(".tag").focus()

    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")

    expect(sections.nth(1).locator(".details")).to_be_visible()
    assert desk.page.locator(".section [tabindex='0']").count() == 1
    desk.page.keyboard.press("Escape")
    expect(sections.nth(1).locator(".details")).to_have_count(0)


def test_ctrl_enter_labels(desk: Desk) -> None:
    """Ctrl+Enter in the text labels it."""
    desk.paste(PAGE)
    desk.page.press("#page", "Control+Enter")

    assert desk.shown().count() == len(desk.answer(PAGE)["sections"])


@pytest.mark.parametrize("label", ["tech_analysis", "recommendation_teaser", "abstained"])
def test_legend_filters_by_label(desk: Desk, label: str) -> None:
    """Pressing a label in the legend leaves as many sections as it counts, all with that label."""
    sections = desk.label(PAGE)
    button = desk.page.locator(f"#legend [data-label={label}]")

    button.click()

    shown = sections.locator("visible=true")
    assert {item.get_attribute("data-label") for item in shown.all()} == {label}
    assert shown.count() == int(button.locator(".count").text_content() or "")


def test_strip_leads_to_a_section(desk: Desk) -> None:
    """A click on the strip puts the focus on the section it stands for."""
    desk.label(PAGE)

    desk.page.locator("#strip span").last.click()

    focused = desk.page.evaluate("document.activeElement.closest('.section').dataset.label")
    assert focused == desk.page.locator(".section").last.get_attribute("data-label")


def test_five_thousand_sections_stay_usable(desk: Desk) -> None:
    """A page of more than 5,000 sections is shown, and a key press on it answers within two seconds."""
    desk.page.set_default_timeout(60_000)
    count = desk.label((PAGE + "\n") * 900).count()
    desk.page.locator(".section .tag").first.focus()

    began = time.perf_counter()
    desk.page.keyboard.press("End")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".section").last.locator(".details")).to_be_visible()

    assert count > 5000
    assert time.perf_counter() - began < 2
