"""Starting the service: this process makes way for the server's."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def serve(**chosen: object) -> NoReturn:
    """Become the server process, `service.start`, which reads the settings from the environment and checks them.

    chosen : settings that win over the environment's, by name; None is not chosen.
    """
    # No settings are made here: to load what checks them takes a quarter of a second, and the server does it anyway.
    variables = {f"LANMU_{name.upper()}": str(value) for name, value in chosen.items() if value is not None}
    arguments = [sys.executable, "-m", "service.start"]
    os.execve(sys.executable, arguments, os.environ | variables)  # noqa: S606 - our own module, no shell


if __name__ == "__main__":
    serve()
