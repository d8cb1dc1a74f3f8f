"""From labels to suggestions."""

from __future__ import annotations

import pytest

from service.policy import Policy, Suggestion


@pytest.mark.parametrize(
    ("label", "suggestion"),
    [
        ("recommendation_teaser", "block"),
        ("opinion", "review"),
        ("tech_analysis", "pass"),
        (None, "review"),
        ("a_label_of_yours", "review"),
    ],
)
def test_the_default_policy_blocks_teasers_and_passes_analysis(label: str | None, suggestion: str) -> None:
    """What it does not know goes to a person."""
    assert Policy().suggest(label) == suggestion


def test_a_policy_names_its_own_suggestions() -> None:
    """A policy decides for labels the default does not know."""
    policy = Policy({"rumour": Suggestion.BLOCK}, otherwise=Suggestion.PASS)

    assert [policy.suggest("rumour"), policy.suggest("opinion")] == ["block", "pass"]
