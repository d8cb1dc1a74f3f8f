"""Texts to results within one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from benchmarks.speed import peers
from benchmarks.speed.bench import Bench
from benchmarks.speed.rounds import Burst, rate_of, take_turns
from benchmarks.speed.rows import Row, Target

OURS = "Lanmu"
NAIVE = "naive: TF-IDF of jieba's words, LogisticRegression"
RUST = "the same with rjieba"
FULL = "the full model as a scikit-learn pipeline (pipeline.joblib, which counts terms by Lanmu's kernel)"
VECTORIZERS = "the full model's kinds of terms by scikit-learn's own vectorizers"
CHARACTERS = "scikit-learn, characters 1-3"
FASTTEXT = "fastText (rjieba)"
SLOWER = 25
"""The pipeline makes its extractor anew at each call, a tenth of a second: it gets so many times fewer single texts."""

MANY_TARGETS = {NAIVE: Target(20), FULL: Target(50), VECTORIZERS: Target(50)}
ONE_TARGETS = {NAIVE: Target(30)}


def text_peers(bench: Bench) -> dict[str, peers.Classify]:
    """All peers that are installed, trained on the written seeds and seen to label."""
    texts, labels = bench.material.texts, bench.material.labels
    makers: dict[str, tuple[str | None, Callable[[], peers.Classify]]] = {
        NAIVE: (None, lambda: peers.words_pipeline(peers.jieba_words, texts, labels).predict),
        RUST: ("rjieba", lambda: peers.words_pipeline(peers.rjieba_words, texts, labels).predict),
        FULL: (None, lambda: peers.full_pipeline(texts, labels).predict),
        VECTORIZERS: (None, lambda: peers.vectorizers_pipeline(texts, labels).predict),
        CHARACTERS: (None, lambda: peers.characters_pipeline(texts, labels).predict),
        FASTTEXT: ("fasttext", lambda: peers.fasttext_model(texts, labels)),
    }
    found = {}
    for name, (module, make) in makers.items():
        reason = peers.absent(module) if module else None
        if reason:
            bench.report.notes.append(f"{name}: {reason}")
            continue
        found[name] = peers.checked(name, make(), texts[::7], labels[::7])
    return found


def compare_in_process(bench: Bench) -> None:
    """Many texts in one call, and one text a call."""
    material, scale = bench.material, bench.scale
    texts = material.texts[1 :: max(1, len(material.texts) // scale.texts)][: scale.texts]
    ways = text_peers(bench)
    everybody: dict[str, Callable[[Sequence[str]], object]] = {OURS: material.model.classify, **ways}
    bursts = {name: rate_of(partial(way, texts), len(texts)) for name, way in everybody.items()}
    _add(f"{len(texts)} texts in one call", bursts, MANY_TARGETS, bench)
    singles = {name: texts[: scale.singles // (SLOWER if name == FULL else 1)] for name in everybody}
    one_by_one = {
        name: rate_of(partial(_each, way, singles[name]), len(singles[name])) for name, way in everybody.items()
    }
    _add("one text a call", one_by_one, ONE_TARGETS, bench)


def _each(way: Callable[[Sequence[str]], object], texts: Sequence[str]) -> None:
    for text in texts:
        way([text])


def _add(what: str, bursts: dict[str, Burst], targets: dict[str, Target], bench: Bench) -> None:
    for burst in bursts.values():
        burst()
    rounds = take_turns(bursts, bench.scale.rounds, bench.scale.turns)
    for name in bursts:
        if name != OURS:
            figures = rounds.figure(OURS), rounds.figure(name)
            ratio = rounds.ratio(OURS, name)
            bench.report.rows.append(Row(what, OURS, figures[0], "texts/s", name, figures[1], ratio, targets.get(name)))
