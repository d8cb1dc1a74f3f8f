"""HTML elements by what they do to a page's lines."""

from __future__ import annotations

SKIPPED = frozenset(
    (
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "datalist",
        "meta",
        "link",
        "base",
    )
)
"""Elements that hold nothing a reader sees as text."""

INLINE = frozenset(
    (
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    )
)
"""Elements inside a line; all others, but for cells, begin and end one."""

CELLS = frozenset(("td", "th", "option", "button"))
"""Elements side by side on one line, with a space between."""

LISTS = frozenset(("ul", "ol", "dl"))

REGIONS = frozenset(
    (
        "ul",
        "ol",
        "dl",
        "nav",
        "header",
        "footer",
        "article",
        "aside",
        "main",
        "section",
        "table",
        "form",
        "blockquote",
        "title",
        "figure",
        "pre",
        "fieldset",
    )
)
"""Elements that set their lines apart: no list or menu goes over their edge."""

CONTAINERS = frozenset(("li", "article", "section", "div", "dl", "dd", "tr", "a"))
"""Elements that may hold one teaser card."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}
