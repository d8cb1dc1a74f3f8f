"""The model card (Mitchell et al. 2019): what a version is for, what it learned from, how well it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def card_of(metadata: Mapping[str, Any]) -> str:
    """card.md of a version, from its model.json."""
    corpus, labels = metadata["corpus"], metadata["labels"]
    lines = [
        f"# {metadata['version']}",
        "",
        f"Labels sections of Chinese web pages as {', '.join(labels[:-1])}, or abstains.",
        f"Trained on {metadata['created']} from {corpus['sections']} sections of {corpus['pages']} pages.",
        "",
        "| label | seeds | gives it from |",
        "| --- | --- | --- |",
        *(f"| {label} | {corpus['by_label'][label]} | {metadata['thresholds'].get(label, '')} |" for label in labels),
        "",
        "## How well it does",
        "",
        "On pages that it had not seen when it answered (out of fold):",
        "",
        "| judged | macro-F1 with none | accuracy among the labels | answered | right | calibration error |",
        "| --- | --- | --- | --- | --- | --- |",
        *(
            f"| {kind} | " + " | ".join(f"{figures[name]:.3f}" for name in FIGURES) + " |"
            for kind, figures in metadata["metrics"].items()
        ),
        "",
        "## What it is not for",
        "",
        "It judges what a section does, not whether it is true, lawful or good. It knows Chinese only. Its",
        "probabilities hold for pages like those it learned from; on others they are worth measuring again.",
        "",
        f"Weights sha256 {metadata['weights_sha256']}; seeds sha256 {corpus['sha256']}.",
    ]
    return "\n".join(lines) + "\n"


FIGURES = ("four_way", "forced", "answered", "right", "ece")
