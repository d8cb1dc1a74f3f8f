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
ONE, BYTE = np.uint64(1), np.uint64(255)
MOST_COUNTED = 255
"""So many characters are counted before the counts, of a byte each, are read."""

ASKING, EXCLAIMING, QUOTING, ENDING, PAUSING, SEPARATING = range(6)
LAST_MARK = np.uint32(255)
"""Marks that are counted are below this number, which is no mark itself."""

SHORT = 6
"""A line of at most so many characters is a short one: a menu entry, a count, a button."""


def mark_counts() -> NDArray[np.uint64]:
    """Code point → a 1 in the byte of each count that the mark adds to, shape (LAST_MARK + 1,)."""
    table = np.zeros(int(LAST_MARK) + 1, np.uint64)
    for mark, count in (
        *((QUESTION, count) for count in (ASKING, ENDING)), *((EXCLAMATION, count) for count in (EXCLAIMING, ENDING)),
        *((mark, ENDING) for mark in (SEMICOLON, DOT)), (QUOTE, QUOTING), (COMMA, PAUSING),
        *((mark, SEPARATING) for mark in (PIPE, SLASH, GREATER, MIDDLE_DOT)),
    ):  # fmt: skip
        table[mark] += ONE << np.uint64(8 * count)
    return table


MARK_COUNTS = mark_counts()


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
def counted(packed: np.uint64, field: int) -> int:
    """One of the eight counts in a register."""
    return np.int64((packed >> np.uint64(8 * field)) & BYTE)


@part
def count_characters(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], facts: NDArray[np.float32]) -> int:
    """Count types of characters and marks into `facts` (raw numbers). Returns the number of visible characters.

    What stands next is hard to foretell, so all are counted alike, without a branch, in the bytes of two registers. A
    dot is a full stop unless it is inside a number or a name, as in 3.5 or a.txt.
    """
    han = digits = latin = marks = blanks = run = dates = 0
    questions = exclamations = quotes = sentences = commas = separators = 0
    after_dot = False
    for first in range(0, codes.size, MOST_COUNTED):
        of_kinds = of_marks = np.uint64(0)
        for at in range(first, min(first + MOST_COUNTED, codes.size)):
            code, kind = codes[at], kinds[at]
            of_kinds += ONE << np.uint64(8 * kind)
            of_marks += MARK_COUNTS[min(code, LAST_MARK)]
            sentences -= after_dot & (kind >= LATIN) & (kind <= DIGIT)
            after_dot = code == DOT
            if (run > 0) & (kind != DIGIT):
                dates += is_date(codes, kinds, at - run, at)
            run = (run + 1) * (kind == DIGIT)
        han += counted(of_kinds, HAN)
        digits += counted(of_kinds, DIGIT)
        latin += counted(of_kinds, LATIN)
        marks += counted(of_kinds, MARK) + counted(of_kinds, JOINED)
        blanks += counted(of_kinds, SPACE) + counted(of_kinds, NEWLINE)
        questions += counted(of_marks, ASKING)
        exclamations += counted(of_marks, EXCLAIMING)
        quotes += counted(of_marks, QUOTING)
        sentences += counted(of_marks, ENDING)
        commas += counted(of_marks, PAUSING)
        separators += counted(of_marks, SEPARATING)
    facts[HAN_SHARE], facts[DIGIT_SHARE], facts[LATIN_SHARE], facts[MARK_SHARE] = han, digits, latin, marks
    facts[DATES], facts[QUESTIONS], facts[EXCLAMATIONS], facts[QUOTES] = dates, questions, exclamations, quotes
    facts[SENTENCES], facts[COMMAS], facts[SEPARATORS] = sentences, commas, separators
    return codes.size - blanks


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
def log_of_count(count: np.float32) -> np.float32:
    """log(1 + count) by the C library, which is not asked about 0: most counts are that.

    Training learns from the last bit, too: a table that is rounded better would need another champion.
    """
    return np.float32(0) if count == 0 else np.float32(math.log1p(count))


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
        facts[count] = log_of_count(facts[count])
    for count in range(NUMBER_LINES, SEPARATORS + 1):
        facts[count] = log_of_count(facts[count])
