"""Work that outlives a request: a table of jobs, and the workers that do them."""

from service.jobs.errors import JobFailedError, JobOverError, LeaseLostError, UnknownJobError
from service.jobs.job import Job, State
from service.jobs.jobs import Jobs

__all__ = ["Job", "JobFailedError", "JobOverError", "Jobs", "LeaseLostError", "State", "UnknownJobError"]
