"""The rule that scrapers use: from a line such as 相关推荐 on, all is teaser; before it, another way decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality.figures import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.quality.pages import LabelledPage

WHOSE = "相关|推荐|热门|热点|精彩|最新|最热|延伸|往期|更多|编辑|今日|图片|点击"
WHAT = "推荐|阅读|文章|新闻|链接|内容|专题|精选|回顾|资讯|排行榜?|热点|视频"
MARKER = re.compile(
    rf"\W*(?:(?:{WHOSE})(?:{WHAT})|相关|热门|热榜|排行榜|猜[你您](?:还)?喜欢|为[你您]推荐|大家都在看|看过本文的人还看过"
    r"|[你您](?:可能|也许)(?:还|也|会)*(?:感兴趣|喜欢)(?:的\w{0,4})?)\W*"
)


def has_marker(text: str) -> bool:
    """Whether a line of the text is nothing but a marker."""
    return any(MARKER.fullmatch(line.strip()) for line in text.splitlines())


def cut_at_marker(pages: Sequence[LabelledPage], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores (sections, labels) of all pages' sections: `before`, and teaser from a page's first marker on."""
    scores, at = before.copy(), 0
    teaser = np.eye(before.shape[1])[NUMBERS["recommendation_teaser"]]
    for page in pages:
        marked = [number for number, text in enumerate(page.texts) if has_marker(text)]
        if marked:
            scores[at + marked[0] : at + len(page.texts)] = teaser
        at += len(page.texts)
    return scores
