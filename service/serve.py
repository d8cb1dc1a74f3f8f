"""Starting the service: the settings are read, and the server process takes over."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NoReturn

from service.crew import FOLDER
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
    """A fresh folder for the workers' counts; the port keeps apart the servers that share a data folder."""
    folder = settings.data_dir / "metrics" / str(settings.port)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise SettingsError(
            f"cannot make {folder}: {error.strerror}; set LANMU_DATA_DIR to a folder to write to"
        ) from error
    return str(folder)


if __name__ == "__main__":
    serve()
