"""The desk's words in each language, read from the one file that the browser reads too."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Request

WORDS = Path(__file__).parent / "static" / "words.json"
LANGUAGES = ("zh", "en")
TAGS = {"zh": "zh-CN", "en": "en"}
"""Language → the `lang` attribute of a page written in it."""


@cache
def words(language: str) -> dict[str, str]:
    """What the desk says in a language, by key.

    Raises `KeyError` where `language` is not one of `LANGUAGES`.
    """
    spoken: dict[str, dict[str, str]] = json.loads(WORDS.read_text(encoding="utf-8"))
    return spoken[language]


def language_of(request: Request) -> str:
    """The language to answer in: `?lang=`, else the best of Accept-Language, else Chinese."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return request.accept_languages.best_match(LANGUAGES, default=LANGUAGES[0])
