"""From our answers on texts to OpenAI's form of them, for one request and for a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.policy import Policy


def moderated(answers: Sequence[dict[str, Any]], policy: Policy, labels: Sequence[str]) -> list[dict[str, Any]]:
    """OpenAI's fields, and ours beside them."""
    inputs = {label: ["text"] for label in labels}
    return [_moderated(answer, policy, labels, inputs) for answer in answers]


def _moderated(
    answer: dict[str, Any], policy: Policy, labels: Sequence[str], inputs: dict[str, list[str]]
) -> dict[str, Any]:
    flagged = policy.flags(answer["suggestion"])
    probabilities = answer["probabilities"]
    return {
        "flagged": flagged,
        "categories": {label: flagged and label == answer["label"] for label in labels},
        "category_scores": {label: probabilities[label] for label in labels},
        "category_applied_input_types": inputs,
        **answer,
    }
