"""How far a batch is."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch, or of the part of it that is done.

    answered, bad : records that were answered, and those that are told in the file of errors.
    doubled : ids that stand for more than one record: told in the file of errors, and answered each.
    sections : sections judged; a text is one. labels : how many got which label, `none` for those without.
    size : bytes read, `total` of so many where that is known.
    kept : records that an earlier run had done.
    """

    answered: int = 0
    bad: int = 0
    doubled: int = 0
    sections: int = 0
    labels: dict[str, int] = field(default_factory=dict)
    size: int = 0
    total: int | None = None
    kept: int = 0

    @property
    def records(self) -> int:
        """Records read."""
        return self.answered + self.bad

    @property
    def errors(self) -> int:
        """Lines in the file of errors."""
        return self.bad + self.doubled
