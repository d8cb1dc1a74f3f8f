"""Sleep for an hour: `python -m tests.service.jobs.sleep`."""

import time

time.sleep(3600)
