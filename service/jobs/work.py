"""Being a worker process."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import structlog

from service.jobs.claims import RETRY_S
from service.jobs.kinds import KINDS, Kind
from service.jobs.worker import Worker
from service.logs import configure_logging
from service.release import release_files
from service.settings import Settings, SettingsError
from service.store import StoreError, open_store

CANNOT_START = 2

log = structlog.get_logger()


def work(kinds: Mapping[str, Kind] = KINDS, settings: Settings | None = None, retry_s: float = RETRY_S) -> None:
    """Do jobs of these kinds until told to end. Settings default to the environment's.

    Kinds whose packages are not installed here are left to other workers. Exits with status 2 and a message when a
    setting is wrong, the database cannot be opened, or no kind is left.
    """
    try:
        chosen = settings or Settings.load()
        configure_logging(chosen.log_format)
        engine = open_store(chosen.store_url)
    except (SettingsError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT_START)
    worker = Worker(engine, chosen, possible(kinds), retry_s)
    release_files()  # what checked the settings, and opened the database, is wanted no more
    worker.run()
    engine.dispose()


def possible(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds that can be run here."""
    missing = {name: kind.missing() for name, kind in kinds.items()}
    for name, packages in missing.items():
        if packages:
            log.warning("kind_left_to_others", kind=name, not_installed=packages)
    return {name: kind for name, kind in kinds.items() if not missing[name]}
