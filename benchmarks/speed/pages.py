"""Whole pages: text to labelled sections, beside extractors that only find the body of the same pages' HTML."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.bench import Bench
from benchmarks.speed.peers import NotLabellingError, absent
from benchmarks.speed.rounds import rate_of, take_turns
from benchmarks.speed.rows import Row, Target
from models.decoding import decode
from models.seeds.seed import SeedPage
from models.splitting import split_html, split_text

OURS = "Lanmu, page as text, one a call"
OURS_TOGETHER = "Lanmu, pages as text, all in one call"
OURS_HTML = "Lanmu, page as HTML"
READABILITY = "readability-lxml"
TRAFILATURA = "trafilatura"
MOST_PAGES = 40
JOINED = 3
"""So many written pages make one of a real page's length."""

SCRIPTS = 29
STYLES = 600
"""Rules of the inline style, see `written_page`."""

BODY = frozenset({"tech_analysis", "opinion"})
LEAST_BODY = 0.5
"""An extractor that keeps less of the body's paragraphs does not extract."""


@dataclass(frozen=True)
class WholePage:
    """A page in both forms. body : sections that an extractor should keep, where that is known."""

    html: str
    text: str
    body: tuple[str, ...] = ()


def written_page(pages: Sequence[SeedPage]) -> WholePage:
    """Written pages, joined to the length of a real one and dressed as a site's.

    Menus, scripts, styles and attributes are as many and as long as they were at the median of 26 saved pages: 120
    links, 540 elements, 29 scripts of 12,000 characters together, 80,000 characters in all.
    """
    title = pages[0].subject or pages[0].id
    seeds = [seed for page in pages for seed in page.seeds]
    parts = "".join(_dressed(seed.text, seed.label) for seed in seeds)
    scripts = "".join(f"<script>{'window.q=window.q||[];q.push({a:1});' * 12}</script>" for _ in range(SCRIPTS))
    source = (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{'.channel-item a:hover{color:#333;text-decoration:none}' * STYLES}</style>{scripts}</head><body>"
        f'<div class="header">{_menu("nav", 60)}</div><div class="main"><div class="article">'
        f'<h1>{html.escape(title)}</h1>{parts}</div><div class="side">{_menu("hot", 30)}</div></div>'
        f'<div class="footer">{_menu("links", 20)}<p>版权所有 联系我们 网站地图</p></div></body></html>'
    )
    text = "\n\n".join(seed.text for seed in seeds)
    return WholePage(source, text, tuple(seed.text for seed in seeds if seed.label in BODY))


def _menu(name: str, links: int) -> str:
    items = (
        f'<li class="channel-item"><div class="wrap"><a class="link {name}-link" href="https://example.org/{name}/{n}.html"'
        f' target="_blank" data-track="{name}_{n}" title="频道{n}"><span class="text">频道{n}</span></a></div></li>'
        for n in range(links)
    )
    return f'<ul class="{name}">{"".join(items)}</ul>'


def _dressed(text: str, label: str) -> str:
    lines = [html.escape(line.strip()) for line in text.splitlines() if line.strip()]
    if label == "recommendation_teaser":
        items = "".join(f'<li><a href="/{number}.html">{line}</a></li>' for number, line in enumerate(lines))
        return f'<ul class="related">{items}</ul>'
    kind = "text" if label in BODY else "info"
    return "".join(f'<p class="{kind}">{line}</p>' for line in lines)


def saved_pages(folder: Path) -> list[WholePage]:
    """Pages that were saved as HTML; their text is the one that Lanmu derives, with the sections' line breaks."""
    sources = [decode(file.read_bytes()) for file in sorted(folder.glob("*.html"))]
    return [WholePage(source, split_html(source).text) for source in sources]


def compare_pages(bench: Bench) -> None:
    """Written pages always, saved ones where there are any."""
    extractors = _extractors(bench)
    whole = [page for page in bench.material.pages if len(page.seeds) > 3]  # noqa: PLR2004 - no lone sections
    written = [written_page(whole[start : start + JOINED]) for start in range(0, len(whole) - JOINED, JOINED)]
    for name, extract in extractors.items():
        _check(name, extract, written[:10])
    chosen = written[:: max(1, len(written) // MOST_PAGES)][:MOST_PAGES]
    _compare(f"whole pages, written ({len(chosen)})", chosen, extractors, bench)
    if bench.saved is None:
        bench.report.notes.append("saved pages: left out, no folder was given (ARGS='--html FOLDER')")
        return
    real = saved_pages(bench.saved)
    _compare(f"whole pages, saved from the web ({len(real)})", real, extractors, bench)


def _compare(
    what: str,
    pages: Sequence[WholePage],
    extractors: dict[str, Callable[[str], str]],
    bench: Bench,
) -> None:
    model = bench.material.model
    works: dict[str, Callable[[], object]] = {
        OURS: lambda: [model.classify_pages([split_text(page.text)]) for page in pages],
        OURS_TOGETHER: lambda: model.classify_pages([split_text(page.text) for page in pages]),
        OURS_HTML: lambda: [model.classify_pages([split_html(page.html)]) for page in pages],
        **{name: _over(extract, pages) for name, extract in extractors.items()},
    }
    rounds = take_turns({name: rate_of(work, len(pages)) for name, work in works.items()}, bench.scale.rounds, 1)
    for ours in (OURS, OURS_TOGETHER, OURS_HTML):
        for name in extractors:
            target = Target(20) if ours != OURS_HTML and name == READABILITY else None
            figures = rounds.figure(ours), rounds.figure(name)
            bench.report.rows.append(
                Row(what, ours, figures[0], "pages/s", name, figures[1], rounds.ratio(ours, name), target)
            )


def _over(extract: Callable[[str], str], pages: Sequence[WholePage]) -> Callable[[], object]:
    return lambda: [extract(page.html) for page in pages]


def _extractors(bench: Bench) -> dict[str, Callable[[str], str]]:
    found: dict[str, Callable[[str], str]] = {}
    for name, module, extract in (
        (READABILITY, "readability", _readability),
        (TRAFILATURA, "trafilatura", _trafilatura),
    ):
        if reason := absent(module):
            bench.report.notes.append(f"{name}: {reason}")
        else:
            found[name] = extract
    return found


def _readability(source: str) -> str:
    from readability import Document  # noqa: PLC0415 - a peer, present where make bench installed it

    logging.getLogger("readability").setLevel(logging.ERROR)
    return str(Document(source).summary())


def _trafilatura(source: str) -> str:
    from trafilatura import extract  # noqa: PLC0415 - a peer, present where make bench installed it

    return str(extract(source) or "")


def _check(name: str, extract: Callable[[str], str], pages: Sequence[WholePage]) -> None:
    """Raises NotLabellingError where an extractor does not extract."""
    lines = [(page, line.strip()) for page in pages for text in page.body for line in text.splitlines() if line.strip()]
    kept = {id(page): html.unescape(extract(page.html)) for page in pages}
    share = sum(line[:20] in kept[id(page)] for page, line in lines) / max(1, len(lines))
    if share < LEAST_BODY:
        raise NotLabellingError(f"{name} keeps only {share:.0%} of the body's paragraphs of pages with a plain body")
