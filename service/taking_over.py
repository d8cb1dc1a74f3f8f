"""Waiting until a version answers everywhere on this machine."""

from __future__ import annotations

import time

from service.champion import Champion
from service.follow import SOON_S, Follower

WAIT_S = 20.0
"""How long a caller waits for it; it goes on afterwards."""


def take_over(champion: Champion, follower: Follower, version: str, seconds: float) -> bool:
    """Whether every server process of this machine answers with `version` within some seconds.

    False at once where one of them refuses it. Without a follower (no server runs) this process looks for itself.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if follower.running:
            follower.nudge()
        else:
            champion.look()
        crew = champion.crew()
        if champion.version == version and all(member.version == version for member in crew):
            return True
        if any(member.refused == version for member in crew):
            return False
        time.sleep(SOON_S)
    return False
