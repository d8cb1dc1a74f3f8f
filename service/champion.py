"""The version that answers, and its swap for another one while requests go on.

Every server process follows the registry's champion by itself. It checks, loads and warms the new version beside the
old one, tells the crew that it is ready, and waits: when the last process is ready, one store to the shared switch has
all of them answer with the new version from their next request on. A request holds one model from begin to end.
A version that cannot be loaded in one process is not served by any, and the old one stays.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import structlog

from models.model import Model
from models.versions import InvalidVersionError, Registry, RegistryError
from service.crew import Crew, Member
from service.loaded import Loaded, Refusal, refused
from service.metrics import REFUSED, count_swap, show_version, workers_folder
from service.switch import Switch, token_of

LOOK_S = 0.5
"""How often a process looks which version is the champion."""

PATIENCE_S = 30.0
"""How long a process that neither is ready nor refuses holds up the others."""

log = structlog.get_logger()


class NoModelError(RuntimeError):
    """No version of the model is loaded; the message says why."""


class Champion:
    """What this process answers with, by the registry in `folder`."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self._registry = Registry(folder, key=key)
        self._key = key
        self._serving: Loaded | None = None
        self._next: Loaded | None = None
        self._refusal: Refusal | None = None
        self._trouble: str | None = None
        self._untold: str | None = None
        self._crew = Crew(workers_folder())
        self._switch = Switch(0)

    @classmethod
    def load(cls, folder: Path, key: bytes | None) -> Champion:
        """The champion of the registry in `folder`, checked, loaded and warm; a failure is kept, not raised."""
        champion = cls(folder, key)
        wanted = champion._wanted()
        if wanted is not None:
            champion._serving = champion._prepared(wanted)
        champion._switch.token = token_of(champion.version)
        champion._show(None)
        return champion

    @property
    def loaded(self) -> Model | None:
        """The model that answers, or None."""
        serving = self._turned()
        return None if serving is None else serving.model

    @property
    def version(self) -> str | None:
        """Its version's name, or None."""
        serving = self._turned()
        return None if serving is None else serving.version

    @property
    def failure(self) -> str | None:
        """Why no version is loaded; None where one is."""
        return self.trouble if self._serving is None else None

    @property
    def trouble(self) -> str | None:
        """Why the registry's champion is not the version that answers here; None where it is, or soon will be."""
        return self._refusal.reason if self._refusal is not None else self._trouble or self._untold

    def model(self) -> Model:
        """The model, for one request from begin to end. Raises NoModelError where none is loaded."""
        serving = self._serving
        if serving is None or serving.token != self._switch.token:
            serving = self._turned()
        if serving is None:
            raise NoModelError(f"No model is loaded: {self.failure}")
        return serving.model

    def crew(self) -> list[Member]:
        """The server processes of this machine, this one among them, and what each of them serves."""
        return self._crew.members() or [self._member()]

    def step_aside(self) -> None:
        """Tell the metrics that this process, which only forks those that answer, answers nothing itself."""
        show_version(None, self.version)

    def join(self) -> None:
        """Enter the crew in a process that was just forked, with the version that the others answer with."""
        token = self._enter()
        self._show(None)
        if token == token_of(self.version):
            return
        name = next((name for name in self._registry.versions() if token_of(name) == token), None)
        if name is not None:
            self._next = self._prepared(name)
        self._turned()

    def _enter(self) -> int:
        """Tell of this process, and read the switch, so that no turn is missed in between."""
        try:
            with self._crew.locked():
                self._crew.tell(self._member())
                return self._switch.token
        except OSError as error:  # a full disk; the process can answer all the same
            log.error("crew_not_told", reason=str(error))  # noqa: TRY400 - the reason tells all, a traceback nothing more
            return self._switch.token

    def look(self) -> bool:
        """Go one step towards the registry's champion; whether the next step should come soon.

        One thread at a time, please. It takes as long as loading a version takes.
        """
        try:
            soon = self._step()
        except OSError as error:  # a full disk: the others wait for what this process cannot tell them
            self._untold = self._complained(self._untold, f"the other processes cannot be told: {error}")
            return False
        self._untold = None
        return soon

    def _step(self) -> bool:
        self._turned()
        wanted = self._wanted()
        if self._next is not None and self._next.version != wanted:
            self._let_go()
        if wanted == self.version:
            self._refusal = None
        elif wanted is not None and self._next is None and not self._waits(wanted):
            self._next = self._prepared(wanted)
        self._tell()
        if self._next is None:
            return False
        soon = self._turn_all(self._next)
        self._turned()
        self._tell()
        return soon and self._next is not None

    def _wanted(self) -> str | None:
        """The name of the registry's champion; None where it cannot be told."""
        try:
            wanted = self._registry.champion()
        except (RegistryError, OSError) as error:
            self._trouble = self._complained(self._trouble, str(error))
            return None
        self._trouble = None
        return wanted

    def _complained(self, before: str | None, reason: str) -> str:
        """The reason, logged where it is another than before."""
        if reason != before:
            log.error("champion_not_followed", reason=reason, serving=self.version)
        return reason

    def _waits(self, version: str) -> bool:
        """Whether a version was refused a short while ago."""
        refusal = self._refusal
        return refusal is not None and refusal.version == version and time.monotonic() < refusal.again

    def _prepared(self, version: str) -> Loaded | None:
        """A version checked, loaded and warm; None where that fails, which is kept and told."""
        try:
            model = Model.load(self._registry.folder(version), key=self._key)
        except (InvalidVersionError, RegistryError, OSError, MemoryError) as error:
            self._refuse(version, str(error) or type(error).__name__)
            return None
        if model.version != version:
            self._refuse(version, f"{self._registry.folder(version)} holds {model.version!r}; name the folder so")
            return None
        model.warm()
        self._refusal = None
        return Loaded(model, token_of(model.version))

    def _refuse(self, version: str, reason: str) -> None:
        self._refusal = refused(version, reason, self._refusal)
        if self._refusal.times == 1:
            log.error("champion_not_loaded", version=version, reason=reason, serving=self.version)
            count_swap("refused")

    def _let_go(self) -> None:
        """Wait for the next version no longer, unless the others turned to it just now."""
        with self._crew.locked():
            self._turned()
            if self._next is not None:
                self._crew.tell(replace(self._member(), prepared=None))
                self._next = None

    def _turn_all(self, ready: Loaded) -> bool:
        """Have all processes answer with a version, if each of them is ready to; whether it may soon be so."""
        with self._crew.locked():
            others = [member for member in self._crew.members() if member.prepared != ready.version]
            silent = [member for member in others if member.refused != ready.version]
            patient = time.monotonic() - ready.since < PATIENCE_S
            if len(others) > len(silent):
                return False
            if not silent or not patient:
                self._switch.token = ready.token
            return True

    def _turned(self) -> Loaded | None:
        """What answers from now on: the next version where the switch says so, else what did before."""
        serving, ready, token = self._serving, self._next, self._switch.token
        if ready is None or ready.token != token or (serving is not None and serving.token == token):
            return serving
        self._serving, self._next = ready, None
        self._show(None if serving is None else serving.version)
        count_swap("done")
        log.info("champion_swapped", version=ready.version, previous=None if serving is None else serving.version)
        return ready

    def _show(self, previous: str | None) -> None:
        """Tell the metrics what answers."""
        serving = self._serving
        show_version(None if serving is None else serving.version, previous)
        REFUSED.set(0 if self._refusal is None else 1)

    def _member(self) -> Member:
        refusal, ready, serving = self._refusal, self._next, self._serving
        return Member(
            os.getpid(),
            None if serving is None else serving.version,
            None if ready is None else ready.version,
            None if refusal is None else refusal.version,
            None if refusal is None else refusal.reason,
        )

    def _tell(self) -> None:
        REFUSED.set(0 if self._refusal is None else 1)
        self._crew.tell(self._member())
