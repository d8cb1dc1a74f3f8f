"""Seed pages: what is read from them, and what is said of broken ones."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.seeds.seed import Problem, Reading, Seed, SeedPage
from models.seeds.seed_pages import OPENS_SECTION, read_seed_pages

TEXT = """# comments may stand here

=== shop-017 | subject: heat pumps | register: trade press
[tech_analysis]
热泵靠压缩机搬运热量。

  第二行
[none]

版权所有
=== shop-018
[opinion]
我认为不值。
"""


def read(text: str) -> Reading:
    """Read seed pages from a file of that text."""
    return read_seed_pages(text.splitlines(keepends=True), "seeds.txt")


def test_pages_have_sections_labels_and_places() -> None:
    """Blank lines around a section go, those in it stay; the header's fields are kept."""
    first = (
        Seed("热泵靠压缩机搬运热量。\n\n  第二行", "tech_analysis", "seeds.txt:4"),
        Seed("版权所有", "none", "seeds.txt:8"),
    )

    assert Reading(
        [
            SeedPage("shop-017", first, "seeds.txt:3", "heat pumps", "trade press"),
            SeedPage("shop-018", (Seed("我认为不值。", "opinion", "seeds.txt:12"),), "seeds.txt:11"),
        ]
    ) == read(TEXT)


def test_windows_line_ends_change_nothing() -> None:
    r"""A file with \r\n reads as one with \n."""
    assert read(TEXT) == read(TEXT.replace("\n", "\r\n"))


def test_all_problems_are_named_and_good_pages_kept() -> None:
    """Text before the first label, a page without an id, one without a section, an id given twice."""
    text = "stray\n=== \n[none]\n版权\n=== a\nstray too\n=== b\n[none]\n好\n=== b\n[none]\n坏\n"
    stray = "text before the first page or label; begin a page with '=== id' and a section with '[label]'"

    reading = read(text)

    assert [SeedPage("b", (Seed("好", "none", "seeds.txt:8"),), "seeds.txt:7")] == reading.pages
    assert [
        Problem("seeds.txt:1", stray),
        Problem("seeds.txt:6", stray),
        Problem("seeds.txt:2", "the page has no id behind '=== '"),
        Problem("seeds.txt:5", "the page has no section"),
        Problem("seeds.txt:10", "the page id 'b' is taken; give another"),
    ] == reading.problems


def escaped(line: str) -> str:
    """A line as the form's description says to write it."""
    opens = line.startswith(("=== ", "\\")) or OPENS_SECTION.fullmatch(line)
    return "\\" + line if opens else line


@given(
    lines=st.lists(
        st.sampled_from(["=== a", "[none]", "[none] ", "\\[none]", "\\=== a", "\\\\", "# not a comment", "好", ""]),
        min_size=1,
        max_size=6,
    ),
)
def test_any_line_can_be_written(lines: list[str]) -> None:
    """With a backslash before it, a line that looks like a page or a label is text."""
    text = "\n".join(["甲", *lines, "乙"])

    reading = read("=== a\n[opinion]\n" + "\n".join(map(escaped, text.split("\n"))))

    assert [text] == [seed.text for page in reading.pages for seed in page.seeds]
    assert [] == reading.problems
