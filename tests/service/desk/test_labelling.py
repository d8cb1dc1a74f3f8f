"""A page goes into the desk and comes back in sections."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.service.desk.desk import EXPLANATION, PAGE, squeezed

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.service.desk.desk import Desk
    from tests.service.server_process import ServerProcess

NAMES = {
    "tech_analysis": "技术分析",
    "opinion": "观点",
    "recommendation_teaser": "推荐引流",
    None: "不标注",
}


def test_sections_cover_the_pasted_page(desk: Desk) -> None:
    """Every character that was pasted stands in one of the sections, in order."""
    desk.label(PAGE)

    assert desk.texts() == squeezed(PAGE)


def test_each_section_names_its_label(desk: Desk) -> None:
    """The names beside the sections are the labels that the API gives."""
    expected = [NAMES[section["label"]] for section in desk.answer(PAGE)["sections"]]

    sections = desk.label(PAGE)

    assert sections.locator(".tag .name").all_text_contents() == expected


def test_example_shows_every_label(desk: Desk) -> None:
    """The example has sections of all three labels and of none."""
    desk.page.click("#example")
    desk.page.click("#label")

    assert set(desk.shown().locator(".tag .name").all_text_contents()) == set(NAMES.values())


def test_empty_page_is_asked_for(desk: Desk) -> None:
    """Pressing the button on an empty desk asks for a page instead of calling the service."""
    desk.page.click("#label")

    assert desk.page.text_content("#status") == "先粘贴一页文字，或选一个文件。"


def test_markup_in_text_stays_text(desk: Desk) -> None:
    """Pasted markup is shown letter by letter and never runs."""
    attack = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>我认为这显然不对。"

    sections = desk.label(attack)
    sections.first.click()

    assert attack in "".join(sections.locator(".text").all_text_contents())
    assert desk.page.locator("#results :is(img, script)").count() == 0
    assert "run" not in desk.page.title()


def test_html_is_read_as_html(desk: Desk) -> None:
    """A pasted document is recognised as HTML, and its tags are gone from the sections."""
    html = f"<!doctype html><html><body><h1>芯片</h1><p>{EXPLANATION}</p></body></html>"

    desk.label(html)

    assert desk.page.is_checked("[name=form][value=html]")
    assert desk.texts() == squeezed("芯片" + EXPLANATION)


def test_dropped_gbk_file_is_decoded(desk: Desk) -> None:
    """A file in GBK is sent as it is and comes back readable."""
    desk.drop("page.txt", PAGE.encode("gbk"))
    desk.shown()

    assert desk.texts() == squeezed(PAGE)


def test_chosen_html_file_is_read_as_html(desk: Desk) -> None:
    """A chosen .html file is labelled without its tags, whatever type the system gives it."""
    html = f"<meta charset=gbk><p>{EXPLANATION}</p>".encode("gbk")

    desk.page.set_input_files("#chosen", {"name": "page.htm", "mimeType": "", "buffer": html})

    assert desk.shown().locator(".text").all_text_contents() == [EXPLANATION]


def test_one_of_two_dropped_files_is_read(desk: Desk) -> None:
    """Of several files the first is labelled, and the desk says that the others were not."""
    desk.drop("page.txt", PAGE.encode(), beside=1)
    desk.shown()

    assert desk.texts() == squeezed(PAGE)
    assert "其余的没有读" in (desk.page.text_content("#file") or "")


def test_result_is_copied_as_the_api_gave_it(
    open_desk: Callable[..., AbstractContextManager[Desk]], server: ServerProcess
) -> None:
    """The copied JSON holds the sections of the API's answer."""
    with open_desk(server, permissions=["clipboard-read", "clipboard-write"]) as desk:
        desk.label(PAGE)
        desk.page.click("#copy")
        expect(desk.page.locator("#status")).not_to_be_empty()
        copied = desk.page.evaluate("navigator.clipboard.readText()")

        assert json.loads(copied)["sections"] == desk.answer(PAGE)["sections"]
