"""What Ray reads from the environment when it is imported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN_FILE = Path("~/.ray/auth_token")


def names_token(environment: Mapping[str, str]) -> bool:
    """Whether the environment names the token that a cluster may ask for."""
    return "RAY_AUTH_TOKEN" in environment or "RAY_AUTH_TOKEN_PATH" in environment


def ray_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What to set beside what is set already."""
    usual = {"RAY_USAGE_STATS_ENABLED": "0"}  # Lanmu calls nobody
    # A head asks for a token as soon as there is one in its home, but those who join show theirs only when told to.
    if names_token(environment) or TOKEN_FILE.expanduser().exists():
        usual["RAY_AUTH_MODE"] = "token"
    return {name: value for name, value in usual.items() if name not in environment}
