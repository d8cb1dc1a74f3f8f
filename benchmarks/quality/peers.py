"""The peers: ways to label a text that people use today.

Each is fitted on texts with their labels, and then gives scores (texts, labels), columns in the order of LABELS. Their
classes are balanced, as Lanmu's are: macro-F1 counts each label the same, however many sections it has.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import jieba
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from benchmarks.quality.figures import NUMBERS
from models.seeds.seed import LABELS

Judge = Callable[[Sequence[str]], NDArray[np.float64]]
Peer = Callable[[Sequence[str], Sequence[str]], Judge]

PENALTY = 10.0
MOST_ROUNDS = 2000
SMOOTHING = 1.0


def words(text: str) -> list[str]:
    """Jieba's words."""
    return list(jieba.lcut(text))


def majority(_: Sequence[str], labels: Sequence[str]) -> Judge:
    """Whatever the text, the commonest label."""
    counts = Counter(labels)
    row = np.array([counts[label] for label in LABELS], np.float64)
    return lambda asked: np.tile(row, (len(asked), 1))


def word_regression(texts: Sequence[str], labels: Sequence[str]) -> Judge:
    """TF-IDF of jieba's words, logistic regression: what most would write first."""
    vectorizer = TfidfVectorizer(tokenizer=words, token_pattern=None, lowercase=False)
    return _regression(vectorizer, texts, labels)


def character_regression(texts: Sequence[str], labels: Sequence[str]) -> Judge:
    """TF-IDF of one to three characters, logistic regression: strong, and needs no dictionary."""
    return _regression(TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True), texts, labels)


def _regression(vectorizer: TfidfVectorizer, texts: Sequence[str], labels: Sequence[str]) -> Judge:
    rows = vectorizer.fit_transform(texts)
    fitted = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=MOST_ROUNDS).fit(rows, _numbers(labels))
    return lambda asked: np.asarray(fitted.predict_log_proba(vectorizer.transform(asked)))


def nbsvm(texts: Sequence[str], labels: Sequence[str]) -> Judge:
    """NB-SVM (Wang & Manning 2012) over words and word pairs, one label against the rest.

    Without the paper's interpolation towards naive Bayes, which is made for two classes: with it, four labels against
    the rest come out worse on held-out written pages the more of it there is.
    """
    vectorizer = CountVectorizer(
        tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, 2), binary=True, dtype=np.float64
    )
    rows, target = vectorizer.fit_transform(texts), _numbers(labels)
    weights, biases = zip(*(_one_against_rest(rows, target == number) for number in NUMBERS.values()), strict=True)
    return lambda asked: np.asarray(vectorizer.transform(asked) @ np.stack(weights, axis=1) + np.array(biases))


def _one_against_rest(rows: sparse.csr_matrix, mine: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    """Weights of the terms and bias: a support vector machine over log-count ratios."""
    ahead, behind = (SMOOTHING + np.asarray(rows[part].sum(axis=0)).ravel() for part in (mine, ~mine))
    ratios = np.log((ahead / ahead.sum()) / (behind / behind.sum()))
    fitted = LinearSVC(C=1.0, class_weight="balanced", max_iter=5 * MOST_ROUNDS).fit(
        rows.multiply(ratios).tocsr(), mine
    )
    return ratios * fitted.coef_[0], float(fitted.intercept_[0])


def fasttext(texts: Sequence[str], labels: Sequence[str]) -> Judge:
    """Averaged vectors of words, word pairs and characters 1-3, with softmax (Joulin et al. 2017).

    Its package must be installed; settings served it best on held-out written pages.
    """
    from fasttext import train_supervised  # noqa: PLC0415 - an optional package

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seeds.txt"
        lines = (f"__label__{label} {_line(text)}\n" for text, label in zip(texts, labels, strict=True))
        file.write_text("".join(lines), encoding="utf-8")
        fitted = train_supervised(
            str(file), lr=0.5, epoch=50, minn=1, maxn=3, wordNgrams=2, bucket=200_000, thread=1, verbose=0
        )

    def judge(asked: Sequence[str]) -> NDArray[np.float64]:
        scores = np.zeros((len(asked), len(LABELS)))
        for row, text in zip(scores, asked, strict=True):
            for label, probability in zip(*fitted.predict(_line(text), k=-1), strict=True):
                row[NUMBERS[label.removeprefix("__label__")]] = probability
        return scores

    return judge


def _line(text: str) -> str:
    """Words with a space between, on one line, as fastText reads them."""
    return " ".join(" ".join(words(text)).split())


def _numbers(labels: Sequence[str]) -> NDArray[np.int64]:
    return np.array([NUMBERS[label] for label in labels], np.int64)
