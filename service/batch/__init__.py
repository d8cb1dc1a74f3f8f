"""Many records in one go: JSON Lines in, JSON Lines out, bad lines aside."""

from service.batch.judge import judge_records
from service.batch.run import Summary, run_batch

__all__ = ["Summary", "judge_records", "run_batch"]
