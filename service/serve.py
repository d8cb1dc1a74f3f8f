"""Starting the service: the settings are read, and the server process takes over."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from typing import NoReturn

from service.crew import FOLDER, alive
from service.settings import WRONG_SETTINGS, Settings, SettingsError


def serve(settings: Settings | None = None) -> NoReturn:
    """Become the server process. Settings default to the environment's.

    Exits with status 2 and a message on standard error when a setting is wrong; so does the server, when the database
    cannot be opened or the policy is wrong.
    """
    try:
        chosen = settings or Settings.load()
        environment = os.environ | chosen.environment() | {FOLDER: _metrics_folder(chosen)}
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTINGS)
    arguments = [sys.executable, "-m", "service.server"]
    os.execve(sys.executable, arguments, environment)  # noqa: S606 - our own module, no shell


def _metrics_folder(settings: Settings) -> str:
    """A folder for the workers' counts, of this server alone: the one before it may still be stopping.

    Folders that killed servers of this machine left are removed.
    """
    folders = settings.data_dir / "metrics"
    for left in folders.glob(f"{_machine()}-*"):
        if not alive(int(left.name.rpartition("-")[2])):
            shutil.rmtree(left, ignore_errors=True)
    folder = folders / f"{_machine()}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        reason = f"cannot make {folder}: {error.strerror}; set LANMU_DATA_DIR to a folder to write to"
        raise SettingsError(reason) from error
    return str(folder)


def _machine() -> str:
    """The name of this machine, as part of a file's."""
    return re.sub(r"[^\w.]", "_", platform.node())


if __name__ == "__main__":
    serve()
