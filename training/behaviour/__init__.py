"""What any champion must do, as cases: texts, what is changed in them, and what must follow."""

from training.behaviour.cases import Case, Kind, Passage, read_cases
from training.behaviour.run import LEAST, Failure, below, check, shares

__all__ = ["LEAST", "Case", "Failure", "Kind", "Passage", "below", "check", "read_cases", "shares"]
