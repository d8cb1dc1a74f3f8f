"""From the model's results to the JSON that callers get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.judging.decision import Meaning
from models.model import Model
from models.page import Page, Section
from models.result import Evidence, Result
from service.policy import Policy


def judge_texts(model: Model, policy: Policy, texts: Sequence[str], *, evidence: bool) -> list[dict[str, Any]]:
    """One answer for each text, judged by itself."""
    return result_answers(model.classify(texts, evidence=evidence), policy, evidence=evidence)


def result_answers(results: Sequence[Result], policy: Policy, *, evidence: bool) -> list[dict[str, Any]]:
    """One answer for each result of a text by itself."""
    return [_result(result, policy, evidence=evidence, offset=0) for result in results]


def meanings_of(answers: Sequence[Mapping[str, Any]]) -> list[Meaning]:
    """The label of each answer, or the reason why there is none."""
    return [(answer["label"], answer["abstain_reason"]) for answer in answers]


def section_answers(page: Page, results: Sequence[Result], policy: Policy, *, evidence: bool) -> list[dict[str, Any]]:
    """One answer for each section of a page. Evidence is moved to the page's offsets."""
    pairs = zip(page.sections, results, strict=True)
    return [
        _section(section) | _result(result, policy, evidence=evidence, offset=section.start)
        for section, result in pairs
    ]


def _section(section: Section) -> dict[str, Any]:
    return {"start": section.start, "end": section.end, "heading": section.heading, "kind": section.kind}


def _result(result: Result, policy: Policy, *, evidence: bool, offset: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "label": result.label,
        "probability": result.probability,
        "probabilities": result.probabilities,
        "abstain_reason": result.abstain_reason,
        "suggestion": policy.suggest(result.label, result.probability),
    }
    if evidence:
        answer["evidence"] = [_evidence(word, offset) for word in result.evidence]
    return answer


def _evidence(word: Evidence, offset: int) -> dict[str, Any]:
    return {
        "start": word.start + offset,
        "end": word.end + offset,
        "text": word.text,
        "label": word.label,
        "weight": word.weight,
    }
