"""Sections that the caller has already cut."""

from __future__ import annotations

from collections.abc import Sequence

from models.page import Page, Section
from models.splitting.text import kind_of_page, split_text


def split_given(texts: Sequence[str]) -> Page:
    r"""Make a page of sections that are already cut.

    The page's text is `"\n".join(texts)`, and there is one section for each text, in order, even for an empty one. Each
    covers its text and the line feed that joins it to the next, so `texts[n]` is `page.texts()[n]` without its last
    character, and the last section's text as it stands.
    """
    sections = []
    start = 0
    for index, text in enumerate(texts):
        end = start + len(text) + (index < len(texts) - 1)
        cut = split_text(text)
        heading = cut.sections[0].heading if cut.sections else None
        sections.append(Section(start, end, kind_of_page(cut), heading))
        start = end
    return Page("\n".join(texts), tuple(sections))
