"""report.html: what a version knows of itself, on one self-contained page that also prints.

Every figure is of pages that the model had not seen when it answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models.parts import Parts
from training.evaluation.answers import Answers, answers_of
from training.evaluation.breakdown import Part, breakdown, forms, lengths, registers, subjects
from training.evaluation.curves import reliability, risk_coverage
from training.evaluation.drawing import learning_plot, reliability_plot, risk_plot
from training.evaluation.figures import figures_of
from training.evaluation.learning import learning_curve
from training.evaluation.mistakes import worst_mistakes
from training.evaluation.pulls import pulls_of
from training.rendering import render

if TYPE_CHECKING:
    from training.saving import Run

PROBABILITIES = (0.5, 0.6, 0.7, 0.8, 0.9)
"""The risk table says what is left when answers below each of these are withheld."""


def answers_unseen(run: Run) -> dict[str, Answers]:
    """What models that had not seen the page answered, `alone` and `in_page`."""
    unseen = {"alone": run.fitted.alone_unseen, "in_page": run.fitted.context_unseen}
    return {
        kind: answers_of(chances, run.dataset.target, run.dataset.page_of, run.corpus.labels, run.fitted.thresholds)
        for kind, chances in unseen.items()
    }


def report_of(run: Run, metadata: Mapping[str, Any], parts: Parts) -> str:
    """The report of a training as HTML.

    metadata : the version's model.json. parts : what the version judges with, for evidence.
    """
    answers = answers_unseen(run)
    in_page = answers["in_page"]
    texts = [seed.text for page in run.corpus.pages for seed in page.seeds]
    return render(
        "report.html",
        model=metadata,
        figures={kind: figures_of(each) for kind, each in answers.items()},
        **_curves(answers),
        learning=(steps := learning_curve(run.dataset, parts.extractor, run.config, run.fitted.alone)),
        learning_plot=learning_plot(steps),
        breakdowns=_breakdowns(run, in_page),
        pulls=pulls_of(texts, parts),
        mistakes=worst_mistakes(in_page, run.corpus, parts),
    )


def _curves(answers: Mapping[str, Answers]) -> dict[str, Any]:
    """Reliability of the labels given, and risk against coverage of all that have a label as likeliest."""
    bins = {kind: reliability(each.surest[each.given], each.right[each.given]) for kind, each in answers.items()}
    risks = {}
    for kind, each in answers.items():
        label = each.best != each.none
        risks[kind] = risk_coverage(each.surest[label], (each.best == each.target)[label])
    left = {
        limit: [next((p for p in reversed(points) if p.probability >= limit), None) for points in risks.values()]
        for limit in PROBABILITIES
    }
    return {"bins": bins, "reliability_plot": reliability_plot(bins), "risk_plot": risk_plot(risks), "left": left}


def _breakdowns(run: Run, answers: Answers) -> dict[str, list[Part]]:
    """The figures in page of each kind of section."""
    groups = {
        "form": forms(run.dataset),
        "length": lengths(run.dataset),
        "subject": subjects(run.corpus, run.dataset),
        "register": registers(run.corpus, run.dataset),
    }
    return {name: parts for name, of_each in groups.items() if (parts := breakdown(answers, of_each))}
