"""Whether a version may become the champion without being forced."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.versions.registry import Registry


def objection(registry: Registry, version: str) -> str | None:
    """Why `version` should not be promoted unless it is forced; None where nothing speaks against it.

    The gate's verdict decides. Without one, a version passes that was the champion before, or that is the first.
    Raises UnknownVersionError where there is none of that name.
    """
    verdict = registry.verdict(version)
    if verdict is not None:
        reasons = [str(reason) for reason in verdict.get("reasons", [])]
        return (
            None if verdict["passed"] else f"the gate refused {version!r}: {'; '.join(reasons) or 'it gave no reason'}"
        )
    history = registry.history()
    if not history or any(change.version == version for change in history):
        return None
    return f"no gate has judged {version!r}: run `lanmu-train gate {version}`, or force it"
