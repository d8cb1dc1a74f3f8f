"""Claiming jobs without a worker, for tests of the table."""

from __future__ import annotations

from service.jobs import Job
from service.jobs.claims import Claims

LEASE_S = 0.3


def take(claims: Claims) -> Job:
    """Claim a job that must be there."""
    job = claims.claim(["echo"])
    assert job is not None
    return job
