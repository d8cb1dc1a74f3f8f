"""The worst mistakes, and the words that pull."""

from __future__ import annotations

import numpy as np
import pytest

from models.judging.evidence import strongest
from models.parts import Parts
from training.evaluation.mistakes import OF_EACH, excerpt, worst_mistakes
from training.evaluation.pulls import FEWEST, SHOWN, pulls_of
from training.report import answers_unseen
from training.saving import Run


def test_worst_mistakes_are_mistakes(run: Run, parts: Parts) -> None:
    """Each is a seed of another label than the one that a model which did not see its page found likeliest."""
    seeds = {seed.place: seed for page in run.corpus.pages for seed in page.seeds}
    answers = answers_unseen(run)["in_page"]

    mistakes = worst_mistakes(answers, run.corpus, parts)

    assert len(mistakes) > OF_EACH
    for mistake in mistakes:
        row = list(seeds).index(mistake.place)
        assert seeds[mistake.place].label == mistake.label == answers.labels[answers.target[row]]
        assert answers.labels[answers.said[row]] == mistake.said != mistake.label
        assert (answers.chances[row, answers.said[row]], answers.chances[row, answers.target[row]]) == (
            mistake.probability,
            mistake.own,
        )
        assert mistake.text == excerpt(seeds[mistake.place].text)


def test_the_worst_come_first_and_no_worse_one_is_left_out(run: Run, parts: Parts) -> None:
    """By label: how much likelier the wrong answer was."""
    answers = answers_unseen(run)["in_page"]
    rows = np.arange(len(answers.said))
    strength = answers.chances[rows, answers.said] - answers.chances[rows, answers.target]
    opinion = ~answers.right & (answers.target == answers.labels.index("opinion"))

    mistakes = [m for m in worst_mistakes(answers, run.corpus, parts) if m.label == "opinion"]

    expected = np.sort(strength[opinion])[::-1][:OF_EACH]
    assert expected.tolist() == pytest.approx([mistake.probability - mistake.own for mistake in mistakes])


def test_evidence_stands_in_the_text_and_pulls_to_the_answer(run: Run, parts: Parts) -> None:
    """Whatever the answer was, its words are shown."""
    mistakes = worst_mistakes(answers_unseen(run)["in_page"], run.corpus, parts)
    words = [(word, mistake) for mistake in mistakes for word in mistake.evidence if word.end <= 100]

    assert len(words) > OF_EACH
    assert {(word.text, mistake.said) for word, mistake in words} == {
        (mistake.text[word.start : word.end], word.label) for word, mistake in words
    }


def test_a_word_s_pull_is_the_mean_of_its_evidence(parts: Parts) -> None:
    """One text, five times: each word pulls as it does in that text."""
    text = "我认为这显然不值得推荐"
    column = parts.decision.labels.index("opinion")
    pull, starts = parts.extractor.pull(text, parts.weights)
    expected = {word.text: word.weight for word in strongest(text, "opinion", column, pull, starts)}

    found = pulls_of([text] * FEWEST, parts)["opinion"]

    assert {word: pytest.approx(weight, abs=1e-3) for word, weight in expected.items()} == {
        pull.word: pull.mean for pull in found
    }
    assert {FEWEST} == {pull.texts for pull in found}


def test_rare_words_are_left_out(parts: Parts) -> None:
    """What stands in too few texts is not told; where there is nothing to tell, there is no label either."""
    assert {} == pulls_of(["我认为这显然不值得推荐"] * (FEWEST - 1), parts)


def test_teasers_are_pulled_by_what_leads_away(run: Run, parts: Parts) -> None:
    """The strongest come first, at most SHOWN; 阅读 is among them."""
    found = pulls_of([seed.text for page in run.corpus.pages for seed in page.seeds], parts)
    means = [pull.mean for pull in found["recommendation_teaser"]]

    assert set(parts.decision.labels) == set(found)
    assert sorted(means, reverse=True) == means
    assert len(means) <= SHOWN
    assert "阅读" in {pull.word for pull in found["recommendation_teaser"]}
