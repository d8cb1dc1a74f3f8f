"""Extracted seeds: what is left of labelled pages whose text may not be passed on.

Of each section, in page order: hashed term counts, label, facts. The file is a safetensors file under xz; its metadata
name the extractor's fingerprint, because counts of another extractor would mean other terms.
"""

from __future__ import annotations

import hashlib
import json
import lzma
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from models.result import NONE
from models.seeds.seed import Problem, SeedsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from models.terms.extractor import TermExtractor

SUFFIX = ".seeds.xz"
FORMAT = "lanmu-extracted-seeds-1"
LARGEST = 1 << 30
"""A file that unpacks to more bytes is refused."""


@dataclass(frozen=True)
class LabelledPage:
    """A page's sections with their labels. site : pages of one site are never parted between folds."""

    id: str
    site: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Extracted:
    """Extracted seeds; rows are sections.

    lengths : int32 (sections,), distinct terms of each. buckets : int32, ascending within a row. counts : uint16.
    facts : float16 (sections, len(FACTS)). labels : the label of each section.
    page_sizes : int32 (pages,), sections of each page. sites : int32 (pages,), a number for each page's site.
    """

    lengths: NDArray[np.int32]
    buckets: NDArray[np.int32]
    counts: NDArray[np.uint16]
    facts: NDArray[np.float16]
    labels: tuple[str, ...]
    page_sizes: NDArray[np.int32]
    sites: NDArray[np.int32]

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """A name for each page's site, which no other seeds use."""
        own = self.hash()[:12]
        return tuple(f"{own}-{site}" for site in self.sites.tolist())

    def of(self, rows: NDArray[np.bool_]) -> Extracted:
        """The seeds of some of the sections, bool (sections,); pages without any are gone."""
        page_of = np.repeat(np.arange(len(self.page_sizes)), self.page_sizes)
        sizes = np.bincount(page_of[rows], minlength=len(self.page_sizes))
        terms = np.repeat(rows, self.lengths)
        return Extracted(
            self.lengths[rows],
            self.buckets[terms],
            self.counts[terms],
            self.facts[rows],
            tuple(label for label, kept in zip(self.labels, rows.tolist(), strict=True) if kept),
            sizes[sizes > 0].astype(np.int32),
            self.sites[sizes > 0],
        )

    def hash(self) -> str:
        """sha256 over everything that is trained on."""
        digest = hashlib.sha256(repr(self.labels).encode())
        for array in (self.lengths, self.buckets, self.counts, self.facts, self.page_sizes, self.sites):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def read_labelled_pages(lines: Iterable[str], name: str) -> list[LabelledPage]:
    """Read labelled pages: JSON Lines of page_id, site, text and sections with start, end and label.

    Sections without a label are left out.

    Raises
    ------
    SeedsError
        With every line that is not such a page.
    """
    pages, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            pages.append(_labelled_page(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            reason = f"not a labelled page (page_id, text, sections with start, end, label): {error!r}"
            problems.append(Problem(f"{name}:{number}", reason))
    if problems:
        raise SeedsError(problems)
    return pages


def _labelled_page(row: dict[str, Any]) -> LabelledPage:
    """One page of the file."""
    kept = [section for section in row["sections"] if section["label"]]
    return LabelledPage(
        str(row["page_id"]),
        str(row.get("site", row["page_id"])),
        tuple(row["text"][section["start"] : section["end"]].strip() for section in kept),
        tuple(str(section["label"]) for section in kept),
    )


def extract(pages: Sequence[LabelledPage], extractor: TermExtractor) -> Extracted:
    """Count the terms of labelled pages and forget their text."""
    counted = extractor.count([text for page in pages for text in page.texts])
    return Extracted(
        np.diff(counted.pointers).astype(np.int32),
        counted.buckets,
        counted.counts,
        counted.facts.astype(np.float16),
        tuple(label for page in pages for label in page.labels),
        np.array([len(page.texts) for page in pages], np.int32),
        np.unique([page.site for page in pages], return_inverse=True)[1].astype(np.int32),
    )


def pack(seeds: Extracted, fingerprint: str) -> bytes:
    """Extracted seeds as the bytes of a file. The same seeds give the same bytes.

    Buckets are kept as differences within a row, low and high bytes apart: so they pack to a third.
    """
    starts = np.cumsum(seeds.lengths) - seeds.lengths
    steps = np.diff(seeds.buckets, prepend=0)
    full = starts[seeds.lengths > 0]
    steps[full] = seeds.buckets[full]
    if (steps < 0).any():
        raise ValueError("the buckets of a row do not ascend")
    names = sorted(set(seeds.labels), key=lambda label: (label == NONE, label))
    numbers = {label: number for number, label in enumerate(names)}
    arrays = {
        "lengths": seeds.lengths,
        **{f"steps{place}": ((steps >> (8 * place)) & 0xFF).astype(np.uint8) for place in range(3)},
        "counts": seeds.counts,
        "facts": seeds.facts,
        "labels": np.array([numbers[label] for label in seeds.labels], np.uint8),
        "page_sizes": seeds.page_sizes,
        "sites": seeds.sites,
    }
    about = {
        "format": FORMAT,
        "fingerprint": fingerprint,
        "labels": names,
    }
    metadata = {"lanmu": json.dumps(about, sort_keys=True)}
    return lzma.compress(
        save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, metadata), preset=9
    )


def unpack(data: bytes, place: str, fingerprint: str) -> Extracted:
    """Read what `pack` wrote.

    Raises
    ------
    SeedsError
        When the file is damaged, or was made by another extractor; with the remedy.
    """
    arrays, about = _opened(data, place)
    if about.get("fingerprint") != fingerprint:
        raise SeedsError(
            [Problem(place, "made by another version of the extractor; make it again with `lanmu-train extract`")]
        )
    lengths, names = arrays["lengths"], about["labels"]
    sections, terms = len(arrays["labels"]), int(lengths.sum())
    fits = (
        all(len(arrays[name]) == sections for name in ("lengths", "facts"))
        and all(len(arrays[name]) == terms for name in ("steps0", "steps1", "steps2", "counts"))
        and int(arrays["page_sizes"].sum()) == sections
        and len(arrays["sites"]) == len(arrays["page_sizes"])
    )
    if not fits or not np.isfinite(arrays["facts"]).all() or max(arrays["labels"], default=0) >= max(len(names), 1):
        raise SeedsError([Problem(place, "not extracted seeds, or damaged: its parts do not fit each other")])
    steps = sum(arrays[f"steps{number}"].astype(np.int32) << (8 * number) for number in range(3))
    total = np.cumsum(steps, dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    before = np.concatenate([[0], total])[starts]
    return Extracted(
        lengths,
        (total - np.repeat(before, lengths)).astype(np.int32),
        arrays["counts"],
        arrays["facts"],
        tuple(names[number] for number in arrays["labels"].tolist()),
        arrays["page_sizes"],
        arrays["sites"],
    )


def _opened(data: bytes, place: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays, and what the file's metadata say."""
    unpacker = lzma.LZMADecompressor()
    try:
        raw = unpacker.decompress(data, max_length=LARGEST)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError("cut off, larger than any seeds, or with something behind its end")  # noqa: TRY301 - as below
        arrays: dict[str, NDArray[Any]] = load(raw)
        size = int.from_bytes(raw[:8], "little")
        about = json.loads(json.loads(raw[8 : 8 + size])["__metadata__"]["lanmu"])
    except (lzma.LZMAError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise SeedsError([Problem(place, f"not extracted seeds, or damaged: {error!r}")]) from error
    if about.get("format") != FORMAT:
        raise SeedsError([Problem(place, f"extracted seeds of the form {about.get('format')!r}, expected {FORMAT!r}")])
    return arrays, about


def read_extracted(path: Path, fingerprint: str) -> Extracted:
    """Read a file of extracted seeds. Raises SeedsError as `unpack` does."""
    return unpack(path.read_bytes(), path.name, fingerprint)
