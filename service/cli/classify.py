"""`lanmu classify`: the sections of some files, for a person or as JSON."""

from __future__ import annotations

import re
import sys
from enum import Enum
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import click
import orjson

from models.decoding import decode
from models.splitting import split_html, split_text
from service.answers import section_answers
from service.cli.parts import console_on, load_policy, load_version, read_settings
from service.cli.table import show_page
from service.cli.usage import example

if TYPE_CHECKING:
    from models.page import Page


class Form(Enum):
    """What a file holds."""

    HTML = "html"
    TEXT = "text"


SUFFIXES = {
    ".htm": Form.HTML,
    ".html": Form.HTML,
    ".shtml": Form.HTML,
    ".xhtml": Form.HTML,
    ".txt": Form.TEXT,
    ".text": Form.TEXT,
    ".md": Form.TEXT,
}
_MARKUP = re.compile(
    r"\s*(?:<\?xml|<!doctype\s+html|<!--|<(?:html|head|body|title|meta|div|main|article|section|p|h[1-6]|ul|ol|table)[\s>])",
    re.IGNORECASE,
)


@click.command(name="classify", epilog=example("lanmu classify page.html notes.txt", "cat page.txt | lanmu classify -"))
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Pages, as text or HTML; '-' is standard input.",
)
@click.option("--html", "form", flag_value=Form.HTML, type=click.UNPROCESSED, help="Take every file for HTML.")
@click.option("--text", "form", flag_value=Form.TEXT, type=click.UNPROCESSED, help="Take every file for text.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file, one a line.")
@click.option("--evidence", is_flag=True, help="Name the words that decided.")
def command(files: tuple[str, ...], form: Form | None, as_json: bool, evidence: bool) -> None:
    """Show what the sections of pages are.

    A file is HTML by its suffix or, where that does not tell, by how it starts. Any encoding of Chinese is read.
    """
    pages = [_read(file, form) for file in files]
    settings = read_settings()
    policy, model = load_policy(settings), load_version(settings)
    console = console_on(sys.stdout)
    for file, page, results in zip(files, pages, model.classify_pages(pages, evidence=evidence), strict=True):
        sections = section_answers(page, results, policy, evidence=evidence)
        if as_json:
            _print_json({"file": file, "model": model.version, "text": page.text, "sections": sections})
        else:
            show_page(console, f"{file} (model {model.version})", page.text, sections)


def form_of(file: str, text: str) -> Form:
    """What a file holds, by its suffix or else by how its text starts."""
    by_suffix = SUFFIXES.get(PurePath(file).suffix.lower())
    return by_suffix or (Form.HTML if _MARKUP.match(text) else Form.TEXT)


def _read(file: str, form: Form | None) -> Page:
    try:
        with click.open_file(file, "rb") as stream:
            text = decode(stream.read())
    except OSError as error:
        raise click.FileError(file, error.strerror) from error
    return split_html(text) if (form or form_of(file, text)) is Form.HTML else split_text(text)


def _print_json(answer: dict[str, Any]) -> None:
    # A name that is no UTF-8 is shown as well as can be; everything else came out of `decode`.
    answer["file"] = click.format_filename(answer["file"])
    click.echo(orjson.dumps(answer))
