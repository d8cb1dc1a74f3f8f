"""From a saved version's arrays and JSON to the parts that judge. Every array's shape is checked here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from models.arrays import Arrays
from models.judging.calibration import Calibration
from models.judging.context import Context, row_width
from models.judging.decision import Decision
from models.judging.network import Network
from models.judging.trees import Trees
from models.result import NONE
from models.terms.dictionary import Word, dictionary_hash
from models.terms.emit import GROUPS
from models.terms.extractor import EXTRACTOR_VERSION, TermExtractor, TermsConfig
from models.terms.halves import BLOCK
from models.terms.kernel import Weights
from models.terms.lexicon import Lexicon, shipped
from models.versions import InvalidVersionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from models.versions import SavedVersion

FORMAT = 3
"""The form of saved versions that this code writes."""

FORMATS = (2, FORMAT)
"""Those that it reads. Versions of format 2 have inverse frequencies and weights in two arrays."""


@dataclass(frozen=True)
class Parts:
    """What judges: text to scores, scores to probabilities, probabilities to answers."""

    extractor: TermExtractor
    weights: Weights
    alone: Calibration
    context: Context
    decision: Decision


def terms_config(metadata: Mapping[str, Any]) -> TermsConfig:
    """The extractor's configuration, with the lexicon entries and words that the version's users added."""
    terms = metadata["terms"]
    added = tuple((str(word), str(name)) for word, name in terms["added_lexicon"])
    return TermsConfig(
        word_buckets=int(terms["word_buckets"]),
        char_buckets=int(terms["char_buckets"]),
        tag_buckets=int(terms["tag_buckets"]),
        lexicon=Lexicon(shipped().entries, added),
        user_words=tuple(Word(*row) for row in terms["user_words"]),
    )


def described_terms(config: TermsConfig) -> dict[str, Any]:
    """The part of model.json that `terms_config` reads."""
    return {
        "extractor_version": EXTRACTOR_VERSION,
        "fingerprint": config.fingerprint(),
        "dictionary_sha256": dictionary_hash(),
        "lexicon_sha256": config.lexicon.hash,
        "word_buckets": config.word_buckets,
        "char_buckets": config.char_buckets,
        "tag_buckets": config.tag_buckets,
        "added_lexicon": [list(entry) for entry in config.lexicon.added],
        "user_words": [[word.text, word.frequency, word.tag] for word in config.user_words],
    }


def check_terms(config: TermsConfig, metadata: Mapping[str, Any], folder: Path) -> None:
    """Refuse a version whose terms this installation would not reproduce."""
    terms = metadata["terms"]
    found = {
        "extractor_version": EXTRACTOR_VERSION,
        "dictionary_sha256": dictionary_hash(),
        "lexicon_sha256": config.lexicon.hash,
        "fingerprint": config.fingerprint(),
    }
    for name, value in found.items():
        if terms[name] != value:
            reason = (
                f"was trained with {name} {terms[name]!r}, and this installation has {value!r}; "
                "install the versions that model.json lists, or train again"
            )
            raise InvalidVersionError(folder / "model.json", reason)


def parts_of(saved: SavedVersion) -> Parts:
    """Build the parts.

    Raises
    ------
    InvalidVersionError
        When model.json is of another form, an array is missing or of the wrong shape, or the terms do not match.
    """
    metadata = saved.metadata
    if metadata.get("format") not in FORMATS:
        known = " and ".join(map(str, FORMATS))
        reason = f"has format {metadata.get('format')!r}, and this Lanmu reads {known}; train again"
        raise InvalidVersionError(saved.folder / "model.json", reason)
    try:
        labels = tuple(str(label) for label in metadata["labels"])
        thresholds = {str(label): float(value) for label, value in metadata["thresholds"].items()}
        config = terms_config(metadata)
        check_terms(config, metadata, saved.folder)
        layers = int(metadata["context"]["layers"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidVersionError(saved.folder / "model.json", f"does not hold what it should: {error!r}") from error
    if layers < 1:
        raise InvalidVersionError(saved.folder / "model.json", f"has a context of {layers} layers; it takes one")
    if len(labels) < 2 or labels[-1] != NONE or set(thresholds) != set(labels[:-1]):  # noqa: PLR2004 - a label and none
        reason = f"has labels {labels!r} with thresholds {thresholds!r}; `none` must be last, and each other have one"
        raise InvalidVersionError(saved.folder / "model.json", reason)
    extractor = TermExtractor(config)
    arrays = Arrays(saved)
    return Parts(
        extractor,
        _weights(arrays, metadata["format"], extractor.buckets, len(labels)),
        _calibration(arrays, "alone", len(labels)),
        Context(
            _network(arrays, layers, len(labels)),
            _trees(arrays, len(labels)),
            _calibration(arrays, "context", len(labels)),
        ),
        Decision(labels, thresholds),
    )


def _weights(arrays: Arrays, version: int, buckets: int, labels: int) -> Weights:
    if version == FORMAT:
        rows = arrays.raw("terms.rows", buckets, 1 + max(BLOCK, labels))
        if rows.dtype != np.float16:
            raise InvalidVersionError(arrays.file, f"has 'terms.rows' as {rows.dtype}, expected float16")
    else:
        rows = term_rows(arrays.raw("terms.idf", buckets), arrays.raw("terms.weight", buckets, labels))
    return Weights(rows.view(np.int16), arrays.take("terms.bias", labels), arrays.take("terms.scale", len(GROUPS)))


def term_rows(idf: NDArray[np.floating[Any]], weight: NDArray[np.floating[Any]]) -> NDArray[np.float16]:
    """Inverse frequencies (buckets,) and weights (buckets, labels) as `Weights.rows` has them, read-only.

    Weights of fewer labels than the kernel takes at once get columns of zeros.
    """
    rows = np.zeros((len(idf), 1 + max(BLOCK, weight.shape[1])), np.float16)
    rows[:, 0], rows[:, 1 : 1 + weight.shape[1]] = idf, weight
    rows.flags.writeable = False  # as it is where a file is mapped: for arrays of two types all is compiled twice
    return rows


def _network(arrays: Arrays, layers: int, labels: int) -> Network:
    width = row_width(labels)
    pairs = []
    inputs: int = width
    for layer in range(layers):
        outputs = labels if layer == layers - 1 else None
        weights = arrays.take(f"context.weight{layer}", inputs, outputs)
        inputs = weights.shape[1]
        pairs.append((weights, arrays.take(f"context.bias{layer}", inputs)))
    return Network(arrays.take("context.mean", width), arrays.take("context.scale", width), tuple(pairs))


def _trees(arrays: Arrays, labels: int) -> Trees:
    """The context's trees. Raises InvalidVersionError where a walk would not end."""
    names = ("root", "label", "feature", "threshold", "left", "right", "value")
    nodes = {name: arrays.raw(f"context.tree.{name}", None) for name in names}
    trees = Trees(baseline=arrays.take("context.tree.baseline", labels), **nodes)
    if not trees.fits(row_width(labels)):
        raise InvalidVersionError(arrays.file, "has trees whose nodes point nowhere")
    return trees


def _calibration(arrays: Arrays, stage: str, labels: int) -> Calibration:
    return Calibration(arrays.take(f"{stage}.matrix", labels, labels), arrays.take(f"{stage}.offset", labels))
