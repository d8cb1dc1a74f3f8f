"""What an application is made of, for its views to reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from service.auth import Keyring
    from service.champion import Champion
    from service.follow import Follower
    from service.observing import Observer
    from service.policy import Policy
    from service.policy_file import PolicyFile
    from service.settings import Settings

EXTENSION = "lanmu"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one application."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    champion: Champion
    follower: Follower
    observer: Observer
    policies: PolicyFile

    @property
    def policy(self) -> Policy:
        """The policy, for one request from begin to end."""
        return self.policies.policy


def parts() -> Parts:
    """The parts of the application that handles the current request."""
    return cast("Parts", current_app.extensions[EXTENSION])
