"""report.html: a version's figures on one self-contained page that also prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Mapping


def report_of(metadata: Mapping[str, Any]) -> str:
    """The report of a version, from its model.json."""
    environment = Environment(loader=PackageLoader("training"), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("report.html").render(model=metadata)
