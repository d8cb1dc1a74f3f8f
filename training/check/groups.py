"""Groups for what authors write freely in a page's header: its subject, its register, its year."""

from __future__ import annotations

import re

UNTOLD, OTHER = "(not told)", "(other)"

REGISTERS = {
    "self-media": r"wechat|self-media|account|weibo|content.farm|toutiao",
    "forum, comments, Q&A": r"forum|thread|bbs|guba|q&a|communit|tieba|questions?\b|discussion",
    "blog, newsletter": r"blog|newsletter|digest|diary|personal|essay",
    "newspaper, magazine": r"newspaper|daily|magazine|paper|weekly|press\b|journal|editorial|newswire|wire|monthly",
    "portal": r"portal|front page|home ?page|channel",
    "list, search, feed": r"list|search|feed|index|tag page|chart|aggregat",
    "official, school, institute": r"government|official|ministry|bureau|universit|school|museum|institut|party|"
    r"think.tank|library|court|hospital|association|village|city|municipal",
    "company, shop, release": r"vendor|compan|shop|product|download|release|changelog|advisory|recruit|engineer|store|"
    r"brand|corporate",
    "reference, teaching": r"encyclop|tutorial|wiki|documentation|manual|course|lesson|explainer|recipe|textbook|guide",
    "video, audio, live": r"video|live|podcast|transcript|radio|danmaku|broadcast",
    "trade, tech media": r"trade|tech|review|science|industry|media|desk|interview|report|column|commentary|opinion",
    "reading": r"novel|fiction|literature|serial|reading|photo|book",
    "another site": r"\bsite\b|page|platform|readme|quarterly",
}
"""Kinds of register and the words that tell them. The first kind that is named counts."""

SUBJECTS = {
    "AI": r"\bai\b|language model|machine learning|neural|chatbot|large model|recommendation system|algorithm|robot",
    "software, data": r"software|program|code|coding|database|linux|open.source|developer|compil|web\b|browser|app\b|"
    r"apps\b|data|editor|observability|server|cloud|version|testing|sql|nginx|\brust\b|npm|container|deployment|filesystem|"
    r"front-end|key-value|logging|dependency|\bgo\b|git\b|https",
    "security, networks": r"security|privacy|fraud|network|telecom|5g|satellite|cable|wi-?fi|radio|encrypt|password|"
    r"passkey|ransomware|internet|router|dns|face recognition",
    "chips, devices": r"chip|semiconductor|phone|laptop|memory|hardware|display|screen|camera|sensor|headphone|"
    r"computer|printer|processor|keyboard|motherboard|monitor|fab\b|fibre|quantum",
    "energy": r"energy|battery|batteries|solar|wind|grid|power|nuclear|heat|hydrogen|electric|coal|lighting|"
    r"superconduct",
    "transport, space": r"\bcars?\b|\bev\b|vehicle|driv|rail|train\b|trains|bridge|ship|boat|aircraft|flight|drone|"
    r"rocket|space|metro|traffic|bus|truck|elevator|bike|moon",
    "materials, industry": r"material|steel|factory|manufactur|machin|industr|engine|concrete|3d|craft|mining|plastic|"
    r"glass|textile|magnet",
    "science, nature": r"scien|physic|chemi|biolog|astronom|weather|typhoon|climate|earth|ocean|statistic|math|animal|"
    r"bird|plant|aurora|geolog|quake",
    "health": r"health|medic|drug|vaccine|hospital|doctor|disease|sleep|diet|gene\b|patient|nutrition|"
    r"glucose|\bct\b",
    "farming, food": r"agricult|farm|food|cook|tea\b|tofu|rice|kitchen|recipe|irrigation|rural|fish",
    "economy": r"econom|market|stock|bank|financ|price|invest|compan|business|trade|tax|insurance|housing|house|money|"
    r"payment|group-buying|fees",
    "society, law": r"law|court|polic|government|city|rights|social|society|labou?r|work|job|public|village|elder|"
    r"regulation|commentary|opinion",
    "education": r"school|education|universit|student|teach|exam|course|lesson|training",
    "culture, media": r"culture|film|movie|drama|music|book|novel|read|art\b|museum|history|language|television|tv\b|"
    r"video|game|celebrity|entertain|photo|newspaper|news|essay|heritage",
    "sport": r"sport|football|basketball|tennis|olympic|marathon|match|badminton",
    "everyday life": r"travel|life|family|home|pet|cat\b|wedding|parent|child|fashion|shopping|hotel|review|garden",
    "several": r"list|directory|ranking|digest|index|search|forecast|year-end|technolog",
}
"""Fields of subject and the words that tell them. The first field that is named counts."""

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SPAN = 5
"""Years are counted by so many."""


def _first(groups: dict[str, str], text: str) -> str:
    """The first group one of whose words stands in the text."""
    if not text.strip():
        return UNTOLD
    return next((name for name, words in groups.items() if re.search(words, text, re.IGNORECASE)), OTHER)


def register_group(register: str) -> str:
    """The kind of a page's register."""
    return _first(REGISTERS, register)


def subject_group(subject: str) -> str:
    """The field of a page's subject."""
    return _first(SUBJECTS, subject)


def years_group(register: str) -> str:
    """The five years that the last year named falls in."""
    named = YEAR.findall(register)
    if not named:
        return UNTOLD
    first = int(named[-1]) // SPAN * SPAN
    return f"{first}–{first + SPAN - 1}"
