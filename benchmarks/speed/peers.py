"""The peers that label texts: trained on the written seeds, each a function from texts to labels."""

from __future__ import annotations

import os
import re
import tempfile
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline

from models.terms.extractor import TermExtractor, TermsConfig
from models.terms.lexicon import shipped
from training.config import TrainingConfig
from training.pipeline import classifier, group_tfidf, whole_pipeline

Classify = Callable[[Sequence[str]], Sequence[str]]

SENTENCE_END = re.compile(r"(?<=[。！？!?；;])")
PENALTY = 10.0
MOST_ROUNDS = 1000

with warnings.catch_warnings():
    # jieba 0.42.1 was written for Python 2 and 3: its expressions are not raw strings, and it asks for pkg_resources.
    warnings.simplefilter("ignore")
    import jieba


JIEBA_FOLDER = "LANMU_BENCH_JIEBA"
"""The variable that names jieba's folder to the processes that are started."""


def private_jieba(folder: Path | None = None) -> None:
    """Have jieba keep its packed dictionary in a folder of this run, not in one that everybody writes to."""
    if folder is not None:
        os.environ[JIEBA_FOLDER] = str(folder)
    jieba.setLogLevel("WARNING")
    jieba.dt.tmp_dir = os.environ[JIEBA_FOLDER]
    jieba.initialize()


def jieba_words(text: str) -> list[str]:
    """The words that jieba gives, as everybody calls it. A module's function, because joblib saves it by name."""
    return list(jieba.lcut(text))


def rjieba_words(text: str) -> list[str]:
    """The same cut in Rust, hidden Markov model off."""
    import rjieba  # noqa: PLC0415 - a peer, present where make bench installed it

    return list(rjieba.cut(text, hmm=False))


def words_pipeline(tokenizer: Callable[[str], list[str]], texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """What most would write first, with a tokenizer: TF-IDF of words and logistic regression."""
    words = TfidfVectorizer(tokenizer=tokenizer, token_pattern=None, lowercase=False)
    regression = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=MOST_ROUNDS)
    return make_pipeline(words, regression).fit(texts, labels)


def full_pipeline(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """The steps of a saved version's pipeline.joblib: the same terms, counted by the same kernel, then scikit-learn."""
    extractor, config = TermExtractor(TermsConfig()), TrainingConfig()
    pipeline = whole_pipeline(extractor.config, group_tfidf(extractor, config), classifier(config))
    return pipeline.fit(texts, labels)


def characters_pipeline(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """TF-IDF of one to three characters and logistic regression, by scikit-learn alone."""
    characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    regression = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=MOST_ROUNDS)
    return make_pipeline(characters, regression).fit(texts, labels)


def vectorizers_pipeline(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """The full model's kinds of terms but for shape, each by a vectorizer of scikit-learn's, and its classifier."""
    groups = [
        ("words", TfidfVectorizer(analyzer=_plain_words, sublinear_tf=True)),
        ("chars", TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)),
        ("tags", TfidfVectorizer(analyzer=_plain_tags, sublinear_tf=True)),
        ("classes", TfidfVectorizer(analyzer=_plain_classes, sublinear_tf=True)),
    ]
    return make_pipeline(FeatureUnion(groups), classifier(TrainingConfig())).fit(texts, labels)


def _plain_words(text: str) -> list[str]:
    """Words and pairs of words."""
    words: list[str] = jieba.lcut(text, HMM=False)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def _plain_tags(text: str) -> list[str]:
    """Part-of-speech 1- to 3-grams by the tags of jieba's dictionary."""
    tags = list(map(_tags().get, jieba.lcut(text, HMM=False), repeat("x")))
    return tags + list(map(" ".join, pairwise(tags))) + list(map(" ".join, zip(tags, tags[1:], tags[2:], strict=False)))


def _plain_classes(text: str) -> list[str]:
    """Classes of the lexicon's words, longest match."""
    words, longest = _classes()
    found, at = [], 0
    while at < len(text):
        for size in range(min(longest.get(text[at], 0), len(text) - at), 0, -1):
            if text[at : at + size] in words:
                found += words[text[at : at + size]]
                at += size - 1
                break
        at += 1
    return found


@cache
def _tags() -> dict[str, str]:
    """Word → tag, from jieba's dictionary file."""
    rows = (row.split(" ") for row in Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines())
    return {word: tag for word, _, tag in rows}


@cache
def _classes() -> tuple[dict[str, list[str]], dict[str, int]]:
    """Word → classes, and first character → length of the longest word that begins with it."""
    words: dict[str, list[str]] = {}
    longest: dict[str, int] = {}
    for word, name in shipped().entries:
        words.setdefault(word, []).append(name)
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return words, longest


def fasttext_model(texts: Sequence[str], labels: Sequence[str]) -> Classify:
    """Averaged vectors over words and characters 1-3; rjieba cuts, the faster way to feed fastText."""
    import fasttext  # noqa: PLC0415 - a peer, present where make bench installed it

    def line(text: str) -> str:
        return " ".join(" ".join(rjieba_words(text)).split())

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seeds.txt"
        pairs = zip(texts, labels, strict=True)
        file.write_text("".join(f"__label__{label} {line(text)}\n" for text, label in pairs), encoding="utf-8")
        fitted = fasttext.train_supervised(
            str(file), lr=0.5, epoch=25, minn=1, maxn=3, bucket=200_000, thread=1, verbose=0
        )

    def classify(asked: Sequence[str]) -> list[str]:
        return [fitted.predict(line(text))[0][0].removeprefix("__label__") for text in asked]

    return classify


def absent(*modules: str) -> str | None:
    """Why peers that need these modules are left out, or None where all are there."""
    missing = [name for name in modules if find_spec(name) is None]
    return f"left out, not installed: {', '.join(missing)} (make bench installs them)" if missing else None


def share_right(classify: Callable[[Sequence[str]], Any], texts: Sequence[str], labels: Sequence[str]) -> float:
    """The share of texts that get their label: a peer that does not label is no peer."""
    return float(np.mean(np.asarray(classify(texts)) == np.asarray(labels)))


SENSIBLE = 0.85
"""Of the seeds that a peer was trained on, it gives at least so many their labels."""


class NotLabellingError(RuntimeError):
    """A peer does not give its seeds their labels back, so its speed means nothing."""


def checked(name: str, classify: Classify, texts: Sequence[str], labels: Sequence[str]) -> Classify:
    """The peer, after it was seen to label. Raises NotLabellingError."""
    share = share_right(classify, texts, labels)
    if share < SENSIBLE:
        raise NotLabellingError(f"{name} gives only {share:.0%} of its own seeds their labels; it takes {SENSIBLE:.0%}")
    return classify
