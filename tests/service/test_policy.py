"""From labels to suggestions: the policy, its file, and the calls about it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.versions import SHIPPED_MODELS
from service.policy import ALWAYS, Policy, Suggestion, Thresholds
from service.policy_file import PolicyError, PolicyFile
from service.preparing import prepare
from service.settings import Settings
from tests.service.server_process import ServerProcess

OPINION = "显然，这次涨价毫无道理。"
REPLACED = {"labels": {"opinion": {"review": 0.2, "block": 0.3}}, "otherwise": "pass", "why": "a test"}


@pytest.fixture
def changing(make_app: Callable[..., Flask]) -> FlaskClient:
    """A client of an application whose policy may be changed."""
    return make_app(models_dir=SHIPPED_MODELS).test_client()


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
    policy = Policy({"rumour": ALWAYS[Suggestion.BLOCK]}, otherwise=Suggestion.PASS)

    assert [policy.suggest("rumour"), policy.suggest("opinion")] == ["block", "pass"]


@pytest.mark.parametrize(("probability", "suggestion"), [(0.49, "pass"), (0.5, "review"), (0.9, "block")])
def test_thresholds_divide_a_labels_probabilities(probability: float, suggestion: str) -> None:
    """A threshold itself belongs to what is above it."""
    assert Policy({"opinion": Thresholds(0.5, 0.9)}).suggest("opinion", probability) == suggestion


def test_a_policy_can_be_told_and_heard() -> None:
    """Words and thresholds come back as they were."""
    policy = Policy(
        {"opinion": Thresholds(0.5, 0.9), "recommendation_teaser": ALWAYS[Suggestion.BLOCK]},
        flagged_from=Suggestion.REVIEW,
        version=3,
    )

    assert policy == Policy.heard(json.loads(json.dumps(policy.told())))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "unexpected end"),
        ("[]", "the whole: Input should be"),
        ('{"labels": {"opinion": "blok"}}', "labels.opinion: Write one of pass, review, block"),
        ('{"labels": {"opinion": {"review": 0.9, "block": 0.5}}}', "labels.opinion: review has to be below block"),
        ('{"labels": {"opinion": {"review": 2}}}', "labels.opinion.review: Input should be less than or equal to 1"),
        ('{"labels": {}, "treshold": 1}', "treshold: Extra inputs are not permitted, not 1"),
    ],
    ids=["cut off", "a list", "an unknown word", "in the wrong order", "no share", "an unknown field"],
)
def test_a_file_that_is_no_policy_is_refused_with_the_place(tmp_path: Path, content: str, reason: str) -> None:
    """The message names the file, the field and the reason."""
    file = tmp_path / "policy.json"
    file.write_text(content)

    with pytest.raises(PolicyError) as refused:
        PolicyFile(file)

    assert str(file) in str(refused.value)
    assert reason in str(refused.value)


def test_a_policy_that_is_damaged_later_changes_nothing(tmp_path: Path) -> None:
    """The policy that was read last stays, and the reason is kept until the file is right again."""
    file = tmp_path / "policy.json"
    file.write_text('{"labels": {"opinion": "block"}}')
    policies = PolicyFile(file)

    file.write_text("{")
    policies.look()
    damaged = (policies.policy.suggest("opinion"), policies.trouble is not None)
    file.write_text('{"labels": {"opinion": "pass"}}')
    policies.look()

    assert ("block", True) == damaged
    assert ("pass", None) == (policies.policy.suggest("opinion"), policies.trouble)


def test_the_service_does_not_start_with_a_policy_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which file and why, and exits with status 2."""
    with pytest.raises(SystemExit, match="2"):
        prepare(Settings(data_dir=tmp_path, policy=tmp_path / "missing.json"))

    assert "LANMU_POLICY names" in capsys.readouterr().err


def test_a_replaced_policy_is_shown_and_followed(changing: FlaskClient) -> None:
    """Its version grows by one, who and why are kept, and the next answer goes by it."""
    changed = changing.put("/v1/policy", json=REPLACED).get_json()
    shown = changing.get("/v1/policy").get_json()
    judged = changing.post("/v1/classify", json={"text": OPINION}).get_json()

    assert (1, "open service", "a test") == (changed["version"], changed["who"], changed["why"])
    assert REPLACED["labels"] == shown["labels"]
    assert "block" == judged["results"][0]["suggestion"]


def test_a_change_made_from_an_old_version_is_refused(changing: FlaskClient) -> None:
    """Two people who change it at once do not undo each other's work."""
    changing.put("/v1/policy", json=REPLACED)

    refused = changing.put("/v1/policy", json=REPLACED | {"version": 0})

    assert (409, "The policy is version 1 by now") == (refused.status_code, refused.get_json()["detail"][:30])


@pytest.mark.parametrize(
    ("labels", "pointer"),
    [({"opinions": "block"}, "/labels/opinions"), ({"opinion": "blok"}, "/labels/opinion")],
    ids=["an unknown label", "an unknown word"],
)
def test_a_policy_that_says_nothing_sensible_is_refused(changing: FlaskClient, labels: Any, pointer: str) -> None:
    """A typing error would let everything through."""
    refused = changing.put("/v1/policy", json={"labels": labels})

    assert (422, pointer) == (refused.status_code, refused.get_json()["pointer"])


def test_a_preview_tells_what_a_change_would_flip(changing: FlaskClient) -> None:
    """And it changes nothing."""
    asked = {"policy": {"labels": {"opinion": "block"}, "otherwise": "review"}, "texts": [OPINION, ""]}

    told = changing.post("/v1/policy/preview", json=asked).get_json()

    assert {"review to block": 1} == told["flips"]
    assert [True, False] == [each["flips"] for each in told["results"]]
    assert 0 == changing.get("/v1/policy").get_json()["version"]


def test_all_processes_follow_a_replaced_policy(tmp_path: Path) -> None:
    """Within seconds no process of a real server answers by the old one."""
    with ServerProcess.started(tmp_path) as server:
        answer = server.send("PUT", "/v1/policy", json.dumps(REPLACED).encode(), {"Content-Type": "application/json"})
        time.sleep(2)
        suggestions = {
            server.post("/v1/classify", {"text": OPINION}).json["results"][0]["suggestion"] for _ in range(20)
        }

    assert 200 == answer.status
    assert {"block"} == suggestions
