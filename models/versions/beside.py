"""What the registry keeps beside its versions: the shadow, verdicts and comparisons. Each is one small file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models.versions.errors import RegistryError
from models.versions.files import replace_synced
from models.versions.manifest import PLAIN_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SHADOW = "shadow"
VERDICTS = "verdicts"
COMPARISONS = "comparisons"
BETWEEN = ".."
"""Stands between the two versions in a comparison's file name."""


@dataclass(frozen=True, slots=True)
class Shadow:
    """The challenger that scores live traffic without answering. time : since when, ISO 8601 in UTC."""

    version: str
    who: str
    why: str
    time: str


def shadow_now(version: str, who: str, why: str) -> Shadow:
    """A shadow from now on."""
    return Shadow(version, who, why, datetime.now(UTC).isoformat(timespec="milliseconds"))


def read_shadow(root: Path) -> Shadow | None:
    """The registry's shadow, or None. Raises RegistryError where the file says nothing of the kind."""
    file = root / SHADOW
    try:
        shadow = Shadow(**orjson.loads(file.read_bytes()))
    except FileNotFoundError:
        return None
    except (orjson.JSONDecodeError, TypeError) as error:
        raise RegistryError(f"{file} names no shadow; remove the file") from error
    if not PLAIN_NAME.fullmatch(str(shadow.version)):
        raise RegistryError(f"{file} names {shadow.version!r}, which is no version's name; remove the file")
    return shadow


def write_shadow(root: Path, shadow: Shadow | None) -> None:
    """Keep or forget the shadow. Raises OSError."""
    if shadow is None:
        (root / SHADOW).unlink(missing_ok=True)
    else:
        replace_synced(root / SHADOW, orjson.dumps(asdict(shadow), option=orjson.OPT_APPEND_NEWLINE))


def read_verdict(root: Path, version: str) -> dict[str, Any] | None:
    """What the gate said of a version, or None where it was not asked. Raises RegistryError for a damaged file."""
    file = root / VERDICTS / f"{version}.json"
    try:
        verdict = orjson.loads(file.read_bytes())
    except FileNotFoundError:
        return None
    except orjson.JSONDecodeError as error:
        raise RegistryError(f"{file} holds no verdict: {error}; remove it and let the gate judge again") from error
    if not isinstance(verdict, dict) or not isinstance(verdict.get("passed"), bool):
        raise RegistryError(f"{file} does not say whether it passed; remove it and let the gate judge again")
    return verdict


def write_verdict(root: Path, version: str, verdict: Mapping[str, Any]) -> None:
    """Keep what the gate said of a version; a later verdict replaces an earlier one. Raises OSError."""
    content = orjson.dumps(dict(verdict), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    replace_synced(root / VERDICTS / f"{version}.json", content)


def comparison_file(root: Path, first: str, second: str) -> Path:
    """Where the page that compares two versions is kept."""
    return root / COMPARISONS / f"{first}{BETWEEN}{second}.html"


def comparisons(root: Path) -> Iterator[tuple[str, str]]:
    """The pairs of versions of which a comparison is kept, by name."""
    folder = root / COMPARISONS
    for file in sorted(folder.glob("*.html")) if folder.is_dir() else ():
        first, between, second = file.stem.partition(BETWEEN)
        if between and PLAIN_NAME.fullmatch(first) and PLAIN_NAME.fullmatch(second):
            yield first, second
