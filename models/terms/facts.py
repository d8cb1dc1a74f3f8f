"""Measurable facts of a section's shape: lengths, lines, marks, dates, counts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from models.compiled import part
from models.terms.fold import CharType

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACTS = (
    "length", "lines", "mean_line", "longest_line", "first_line", "last_line",
    "han_share", "digit_share", "latin_share", "mark_share",
    "ends_sentence", "ends_ellipsis", "ends_colon", "starts_digit",
    "number_lines", "dates", "questions", "exclamations", "quotes", "sentences", "commas", "separators",
    "short_lines", "open_lines", "repeated_line",
    "tech", "other_subject", "recommending", "furniture", "stance", "marker",
)  # fmt: skip
"""Lengths and counts are log(1 + n); shares, and the last six (of characters inside lexicon words), are 0 to 1."""

LENGTH, LINES, MEAN_LINE, LONGEST_LINE, FIRST_LINE, LAST_LINE = 0, 1, 2, 3, 4, 5
HAN_SHARE, DIGIT_SHARE, LATIN_SHARE, MARK_SHARE = 6, 7, 8, 9
ENDS_SENTENCE, ENDS_ELLIPSIS, ENDS_COLON, STARTS_DIGIT = 10, 11, 12, 13
NUMBER_LINES, DATES, QUESTIONS, EXCLAMATIONS, QUOTES, SENTENCES, COMMAS, SEPARATORS = 14, 15, 16, 17, 18, 19, 20, 21
SHORT_LINES, OPEN_LINES, REPEATED_LINE = 22, 23, 24
FAMILY = 25
"""Where the lexicon families begin: tech, other_subject, recommending, furniture, stance, marker."""

STEPS = 16
"""A fact becomes one of so many shape terms."""

SHARES = {6, 7, 8, 9, 10, 11, 12, 13, 22, 23, 24, 25, 26, 27, 28, 29, 30}
SCALES = tuple(STEPS - 1.0 if fact in SHARES else 2.0 for fact in range(len(FACTS)))
"""Steps a unit: shares in fifteenths, logarithms in halves."""

HAN, LATIN, DIGIT = int(CharType.HAN), int(CharType.LATIN), int(CharType.DIGIT)
JOINED, SPACE, NEWLINE, MARK = int(CharType.JOINED), int(CharType.SPACE), int(CharType.NEWLINE), int(CharType.MARK)
DOT, ELLIPSIS, COLON, COMMA, SEMICOLON, QUESTION, EXCLAMATION = (ord(mark) for mark in ".…:,;?!")
QUOTE, PIPE, SLASH, GREATER, MIDDLE_DOT, HYPHEN, CLOSING = (ord(mark) for mark in '"|/>·-)')
YEAR, MONTH = ord("年"), ord("月")
SHORT = 6
"""A line of at most so many characters is a short one: a menu entry, a count, a button."""


@part
def is_date(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], start: int, end: int) -> bool:
    """Whether the digits in `codes[start:end]` begin a date or a time: 2024-05, 05-20, 2024年5, 5月20, 16:25."""
    if end + 1 >= codes.size or kinds[end + 1] != DIGIT:
        return False
    mark, width = codes[end], end - start
    if width == 4:  # noqa: PLR2004 - a year has four digits
        return mark in (HYPHEN, SLASH, DOT, YEAR)
    return width <= 2 and mark in (HYPHEN, COLON, SLASH, MONTH)  # noqa: PLR2004 - months, days and hours have two


@part
def ends_how(codes: NDArray[np.uint32], end: int) -> int:
    """1 for a sentence mark, 2 for an ellipsis, 3 for a colon, 0 for anything else at the end of `codes[:end]`."""
    last = codes[end - 1]
    if last in (QUOTE, CLOSING) and end > 1:
        last = codes[end - 2]
        end -= 1
    if last == ELLIPSIS or (last == DOT and end > 1 and codes[end - 2] == DOT):
        return 2
    if last in (DOT, EXCLAMATION, QUESTION, SEMICOLON):
        return 1
    return 3 if last == COLON else 0


@part
def is_full_stop(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], at: int) -> bool:
    """Whether a dot stands there that is not inside a number or a name, as in 3.5 or a.txt."""
    if codes[at] != DOT:
        return False
    return at + 1 >= codes.size or not LATIN <= kinds[at + 1] <= DIGIT


@part
def count_characters(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], facts: NDArray[np.float32]) -> int:
    """Count types of characters and marks into `facts` (raw numbers). Returns the number of visible characters."""
    han = digits = latin = marks = others = run = dates = 0
    questions = exclamations = quotes = sentences = commas = separators = 0
    for at in range(codes.size):
        kind = kinds[at]
        if kind == DIGIT:
            run += 1
            digits += 1
            continue
        if run:
            dates += is_date(codes, kinds, at - run, at)
            run = 0
        if kind == HAN:
            han += 1
        elif kind == LATIN:
            latin += 1
        elif kind in (MARK, JOINED):
            code = codes[at]
            marks += 1
            questions += code == QUESTION
            exclamations += code == EXCLAMATION
            quotes += code == QUOTE
            sentences += code in (QUESTION, EXCLAMATION, SEMICOLON) or is_full_stop(codes, kinds, at)
            commas += code == COMMA
            separators += code in (PIPE, SLASH, GREATER, MIDDLE_DOT)
        elif kind not in (SPACE, NEWLINE):
            others += 1
    facts[HAN_SHARE], facts[DIGIT_SHARE], facts[LATIN_SHARE], facts[MARK_SHARE] = han, digits, latin, marks
    facts[DATES], facts[QUESTIONS], facts[EXCLAMATIONS], facts[QUOTES] = dates, questions, exclamations, quotes
    facts[SENTENCES], facts[COMMAS], facts[SEPARATORS] = sentences, commas, separators
    return han + digits + latin + marks + others


@part
def same(codes: NDArray[np.uint32], first: int, second: int, size: int) -> bool:
    """Whether two stretches of the text are the same."""
    for offset in range(size):
        if codes[first + offset] != codes[second + offset]:
            return False
    return True


@part
def all_digits(kinds: NDArray[np.uint8], start: int, end: int) -> bool:
    """Whether the characters from `start` to `end` are a number and nothing else."""
    for at in range(start, end):
        if kinds[at] != DIGIT:
            return False
    return True


@part
def measure_lines(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], facts: NDArray[np.float32]) -> int:
    """Measure the lines that are not blank into `facts` (raw numbers). Returns where the last one ends."""
    size, at, before, before_size, last_end = codes.size, 0, 0, -1, 0
    lines = longest = short = open_lines = numbers = 0
    while at < size:
        start = at
        while at < size and codes[at] != 10:  # noqa: PLR2004 - the line feed
            at += 1
        end = at
        at += 1
        while start < end and kinds[start] == SPACE:
            start += 1
        while end > start and kinds[end - 1] == SPACE:
            end -= 1
        width = end - start
        if width == 0:
            continue
        if lines == 0:
            facts[FIRST_LINE] = width
            facts[STARTS_DIGIT] = kinds[start] == DIGIT
        lines += 1
        longest = max(longest, width)
        short += width <= SHORT
        open_lines += ends_how(codes, end) == 0
        numbers += all_digits(kinds, start, end)
        if width == before_size and same(codes, before, start, width):
            facts[REPEATED_LINE] = 1
        before, before_size, last_end = start, width, end
    facts[LINES], facts[LONGEST_LINE], facts[LAST_LINE] = lines, longest, max(before_size, 0)
    facts[SHORT_LINES], facts[OPEN_LINES], facts[NUMBER_LINES] = short, open_lines, numbers
    return last_end


@part
def take_facts(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], facts: NDArray[np.float32]) -> None:
    """Fill `facts` (len(FACTS),), zeros but for the lexicon families, which hold counts of characters already."""
    visible = count_characters(codes, kinds, facts)
    last_end = measure_lines(codes, kinds, facts)
    lines = max(facts[LINES], np.float32(1))
    if last_end:
        how = ends_how(codes, last_end)
        facts[ENDS_SENTENCE], facts[ENDS_ELLIPSIS], facts[ENDS_COLON] = how == 1, how == 2, how == 3  # noqa: PLR2004 - see ends_how
    facts[LENGTH] = visible
    facts[MEAN_LINE] = visible / lines
    for share in range(HAN_SHARE, MARK_SHARE + 1):
        facts[share] /= max(visible, 1)
    for share in range(FAMILY, facts.size):
        facts[share] /= max(visible, 1)
    facts[SHORT_LINES] /= lines
    facts[OPEN_LINES] /= lines
    for count in range(LAST_LINE + 1):
        facts[count] = math.log1p(facts[count])
    for count in range(NUMBER_LINES, SEPARATORS + 1):
        facts[count] = math.log1p(facts[count])
