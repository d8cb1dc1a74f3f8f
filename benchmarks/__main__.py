"""`python -m benchmarks`: Lanmu and the usual way, side by side, on the same texts and the same machine.

The usual way is scikit-learn's TfidfVectorizer over jieba's words with LogisticRegression. Half of the seed pages
train it, the sections of the other half are the texts that both are timed on. The shipped champion has seen them in
training, which changes nothing for its speed; this table says nothing of accuracy.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from models.model import Model
from models.versions import SHIPPED_MODELS, Registry
from training.reading import read_seeds
from training.seed import Seed

SEEDS = Path(__file__).resolve().parents[1] / "training" / "seeds"
ROUNDS = 3
SINGLE_CALLS = 500

Classify = Callable[[Sequence[str]], object]


def seeds_in_halves() -> tuple[list[Seed], list[Seed]]:
    """The written seeds, every other page to the one half and to the other."""
    pages = read_seeds([SEEDS]).pages
    first, second = ([seed for page in pages[start::2] for seed in page.seeds] for start in (0, 1))
    return first, second


def usual_way(seeds: Sequence[Seed]) -> Pipeline:
    """What most would write first, trained."""
    words = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, lowercase=False)
    pipeline = make_pipeline(words, LogisticRegression(C=10, max_iter=1000))
    return pipeline.fit([seed.text for seed in seeds], [seed.label for seed in seeds])


def sections_a_second(classify: Classify, texts: Sequence[str]) -> float:
    """Rate over all texts in one call, the best of some rounds."""
    return max(len(texts) / seconds(classify, texts) for _ in range(ROUNDS))


def microseconds_a_call(classify: Classify, texts: Sequence[str]) -> list[float]:
    """Time of each call with a single text."""
    return [1e6 * seconds(classify, [text]) for text in texts[:SINGLE_CALLS]]


def seconds(classify: Classify, texts: Sequence[str]) -> float:
    """Time of one call."""
    began = time.perf_counter()
    classify(texts)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        jieba.setLogLevel("WARNING")
        jieba.dt.tmp_dir = folder
        jieba.initialize()
    train, timed = seeds_in_halves()
    texts = [seed.text for seed in timed]
    registry = Registry(SHIPPED_MODELS)
    ways: dict[str, Classify] = {
        "usual way": usual_way(train).predict_proba,
        "Lanmu": Model.load(registry.folder(registry.champion())).classify,
    }
    print(f"{len(texts)} sections of {median(map(len, texts)):.0f} characters at the median, one process")
    print(f"{'':12}{'sections/s':>12}{'µs a call, p50':>18}{'p99':>10}")
    for name, classify in ways.items():
        classify(texts[:10])
        calls = microseconds_a_call(classify, texts)
        rate = sections_a_second(classify, texts)
        print(f"{name:12}{rate:12,.0f}{median(calls):18,.0f}{quantiles(calls, n=100)[98]:10,.0f}")


if __name__ == "__main__":
    main()
