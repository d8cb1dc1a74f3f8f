"""Any text gets a result, and its evidence points exactly into it."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.model import Model
from models.page import Page
from models.result import AbstainReason, Result
from models.splitting import split_given, split_text

ANY_TEXT = (
    st.text(st.characters(exclude_categories=()), max_size=200)
    | st.lists(
        st.sampled_from(["我认为", "显然", "芯片", "，", "\u200b", "\r\n", "𠮷", "\x00", "\ud83d", " ", "\ufeff"]),
        max_size=40,
    ).map("".join)
    | st.builds(lambda char, times: char * times, st.characters(exclude_categories=()), st.integers(0, 3000))
)  # fmt: skip


def assert_sound(result: Result, text: str, labels: tuple[str, ...]) -> None:
    """Assert what must hold of every result with evidence."""
    assert (*labels, "none") == tuple(result.probabilities)
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert all(0 < chance < 1 for chance in result.probabilities.values())
    assert (result.label is None) == (result.abstain_reason is not None)
    assert result.probability == result.probabilities[result.label] if result.label else True
    assert [word.text for word in result.evidence] == [text[word.start : word.end] for word in result.evidence]
    assert [word.weight for word in result.evidence] == sorted((w.weight for w in result.evidence), reverse=True)


@given(text=ANY_TEXT)
@settings(max_examples=200)
def test_any_text_gets_a_result(model: Model, text: str) -> None:
    """Control characters, lone surrogates, astral characters, one character again and again, nothing at all."""
    (result,) = model.classify([text], evidence=True)

    assert_sound(result, text, model.labels)


@given(texts=st.lists(ANY_TEXT, max_size=5))
def test_any_sections_get_a_result_each(model: Model, texts: list[str]) -> None:
    """A page's answer has one result for each section, in order, with evidence in that section."""
    page = split_given(texts)

    (results,) = model.classify_pages([page], evidence=True)

    assert len(texts) == len(results)
    for result, text in zip(results, page.texts(), strict=True):
        assert_sound(result, text, model.labels)


@given(text=ANY_TEXT)
def test_any_page_is_answered_section_by_section(model: Model, text: str) -> None:
    """Whatever the splitter makes of a text, the model has an answer for every part."""
    page = split_text(text)

    assert [len(page.sections)] == [len(results) for results in model.classify_pages([page])]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", AbstainReason.EMPTY, id="nothing"),
        pytest.param(" \n\t\u3000\r\n", AbstainReason.EMPTY, id="white space"),
        pytest.param("\u200b\ufeff\x00", AbstainReason.EMPTY, id="invisible characters"),
        pytest.param(
            "The committee will publish its findings before the end of the year.",
            AbstainReason.NO_KNOWN_TERMS,
            id="English",
        ),
        pytest.param(
            "for (int i = 0; i < n; ++i) { total += values[i] * weights[i]; }",
            AbstainReason.NO_KNOWN_TERMS,
            id="code",
        ),
        pytest.param(
            base64.b64encode(bytes(range(256))).decode(), AbstainReason.NO_KNOWN_TERMS, id="base64",
        ),
        pytest.param("これはにほんごのぶんです", AbstainReason.NO_KNOWN_TERMS, id="Japanese in kana"),
        pytest.param("????!!!!....", AbstainReason.NO_KNOWN_TERMS, id="marks"),
    ],
)  # fmt: skip
def test_junk_is_not_guessed_at(model: Model, text: str, reason: AbstainReason) -> None:
    """What is no Chinese text gets no label, and the true reason."""
    (result,) = model.classify([text])

    assert (None, reason) == (result.label, result.abstain_reason)


def test_digits_are_judged(model: Model) -> None:
    """A lone number is no junk: it may be a teaser's count, and its page tells."""
    (results,) = model.classify_pages([split_given(["相关推荐", "河边的修表匠不收学徒", "58"])])

    assert results[2].abstain_reason is not AbstainReason.NO_KNOWN_TERMS


def test_evidence_points_into_the_text_as_it_was_given(model: Model) -> None:
    """Invisible, full-width and traditional characters before and inside a word move no offset."""
    text = "\ufeff\u3000我\u200b認為，這顯\u200b然是錯的！𠮷𠮷難道不可恥嗎？"

    (result,) = model.classify([text], evidence=True)

    assert result.evidence
    assert "顯\u200b然" in [text[word.start : word.end].rstrip("\u200b") for word in result.evidence]
    assert [word.text for word in result.evidence] == [text[word.start : word.end] for word in result.evidence]


def test_evidence_is_given_only_when_asked_for(model: Model) -> None:
    """The answer is the same with evidence and without, but for the words."""
    text = "我认为这显然是错的。"

    assert model.classify([text]) == [result.with_evidence(()) for result in model.classify([text], evidence=True)]
    assert model.classify([text])[0].evidence == ()


def test_texts_are_answered_as_if_alone(model: Model, seed_pages: list[str]) -> None:
    """What else is asked in the same call changes nothing."""
    texts = [*seed_pages[:5], "", "我认为这显然是错的。"]

    assert [model.classify([text])[0] for text in texts] == model.classify(texts)


def test_pages_are_answered_as_if_alone(model: Model, seed_pages: list[str]) -> None:
    """A page's context ends where the page ends, and a page may have no section at all."""
    pages = [split_text(seed_pages[0]), Page("", ()), split_text(seed_pages[1])]

    assert [model.classify_pages([page])[0] for page in pages] == model.classify_pages(pages)
    assert [] == model.classify_pages([])


def test_a_lone_section_is_a_lone_text(model: Model) -> None:
    """A page of one section has no context to be judged in."""
    text = "我认为这显然是错的。"

    assert [model.classify([text])] == model.classify_pages([split_given([text])])


def test_context_counts(model: Model) -> None:
    """The same section has other probabilities in a list of teasers than in an essay."""
    line = "河边的修表匠不收学徒"
    among_teasers = split_given(["相关推荐", "他走了以后铺子归了谁", line, "镇上最后一家照相馆"])
    in_an_essay = split_given(["我认为这显然是错的，难道不可耻吗？", line, "这样的做法令人愤慨，应该停止。"])

    first, second = model.classify_pages([among_teasers, in_an_essay])

    assert first[2].probabilities != second[1].probabilities
