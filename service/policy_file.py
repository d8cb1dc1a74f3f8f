"""The policy's file, which every server process follows."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import structlog
from pydantic import ValidationError

from service.batch.disk import written_aside
from service.policy import Policy
from service.policy_schemas import PolicyDocument, PolicyFields

if TYPE_CHECKING:
    from service.settings import Settings

LOOK_S = 0.5
"""How often a process looks whether the file changed."""

Stamp = tuple[int, int, int]

log = structlog.get_logger()


class PolicyError(ValueError):
    """The policy's file cannot be used; the message names the file, the place in it and the reason."""


class PolicyChangedError(RuntimeError):
    """The policy is not the one that a change was made from."""


class PolicyUnwritableError(OSError):
    """The policy's file cannot be written."""


class PolicyFile:
    """The policy in `path`; without a file, the one that comes with Lanmu.

    Raises PolicyError where there is a file that cannot be used. One that is damaged later changes nothing: the policy
    that was read last stays, and `trouble` says why.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self.document = read_policy(path)
        self.policy = _policy(self.document)
        self.trouble: str | None = None

    def look(self) -> bool:
        """Read the file where it changed. There is never more to do at once, so it returns False."""
        if (stamp := _stamp(self._path)) == self._stamp:
            return False
        try:
            document = read_policy(self._path)
        except PolicyError as error:
            self.trouble = str(error)
            log.error("policy_refused", reason=self.trouble)  # noqa: TRY400 - the reason tells all
        else:
            self._take(document)
            log.info("policy_taken", version=self.policy.version)
        self._stamp = stamp
        return False

    def change(self, fields: PolicyFields, *, who: str, why: str | None, made_from: int | None) -> Policy:
        """Make a new version of the policy, for all processes.

        Raises PolicyChangedError where `made_from` is not the version that is, PolicyError where the file is damaged,
        PolicyUnwritableError.
        """
        try:
            with self._locked():
                return self._change(fields, who, why, made_from)
        except OSError as error:
            raise PolicyUnwritableError(f"The policy {str(self._path)!r} cannot be written: {error}") from error

    def _change(self, fields: PolicyFields, who: str, why: str | None, made_from: int | None) -> Policy:
        before = _policy(read_policy(self._path)).version
        if made_from is not None and made_from != before:
            raise PolicyChangedError(
                f"The policy is version {before} by now, and this one was made from {made_from}: look at it again"
            )
        moment = datetime.now(UTC)
        told = fields.policy(before + 1).told() | {"who": who, "why": why, "at": moment}
        with written_aside(self._path) as stream:
            stream.write(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        with self._path.with_suffix(".history.jsonl").open("ab") as history:
            history.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
        self._take(PolicyDocument.model_validate(told))
        return self.policy

    def _take(self, document: PolicyDocument | None) -> None:
        self.document, self.policy, self.trouble = document, _policy(document), None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let nobody else change the file meanwhile."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def policy_path(settings: Settings) -> Path:
    """Where the policy is. Raises PolicyError where LANMU_POLICY names a file that is not there."""
    if settings.policy is None:
        return settings.data_dir / "policy.json"
    if not settings.policy.is_file():
        raise PolicyError(
            f"LANMU_POLICY names {str(settings.policy)!r}, where there is no file; write one, or leave LANMU_POLICY out"
        )
    return settings.policy


def policy_of(settings: Settings) -> Policy:
    """The policy as it is now. Raises PolicyError."""
    return _policy(read_policy(policy_path(settings)))


def read_policy(path: Path) -> PolicyDocument | None:
    """What the file holds, or None where there is none. Raises PolicyError."""
    try:
        return PolicyDocument.model_validate(orjson.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except ValidationError as error:
        found = error.errors()[0]
        place = ".".join(str(step) for step in found["loc"]) or "the whole"
        reason = f"{place}: {found['msg']}, not {found['input']!r:.100}"
    except (OSError, orjson.JSONDecodeError) as error:
        reason = str(error)
    raise PolicyError(f"The policy {str(path)!r} cannot be used: {reason}")


def _policy(document: PolicyDocument | None) -> Policy:
    return Policy() if document is None else document.policy(document.version)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
