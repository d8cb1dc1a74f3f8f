"""MANIFEST: the size and SHA-256 of every other file of a version, and their signature.

    lanmu version 1
    <sha256> <bytes> <file name>
    ...
    signature hmac-sha256 <hex>

Files stand in the order of their names. The last line is there where the version is signed, and signs all above it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.versions.errors import InvalidVersionError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "MANIFEST"
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a file or a version may be called: no separator, no leading dot, nothing that a shell or a URL would quote."""

_TITLE = "lanmu version 1"
_ENTRY = re.compile(r"([0-9a-f]{64}) ([0-9]{1,12}) (.*)")
_SIGNATURE = "signature hmac-sha256 "


@dataclass(frozen=True, slots=True)
class Entry:
    """What MANIFEST says of one file."""

    sha256: str
    size: int


def entry_of(content: bytes) -> Entry:
    """The entry that `content` deserves."""
    return Entry(hashlib.sha256(content).hexdigest(), len(content))


def format_manifest(entries: Mapping[str, Entry], key: bytes | None) -> bytes:
    """The bytes of MANIFEST for files by name, signed where there is a key."""
    lines = [_TITLE, *(f"{entry.sha256} {entry.size} {name}" for name, entry in sorted(entries.items()))]
    body = "".join(f"{line}\n" for line in lines)
    return (body + (f"{_SIGNATURE}{_sign(body, key)}\n" if key else "")).encode()


def parse_manifest(content: bytes, file: Path, key: bytes | None) -> dict[str, Entry]:
    """Files by name, as MANIFEST lists them.

    Raises InvalidVersionError (naming `file`) where it is malformed, names a file outside its folder, or, with a key,
    where the signature is missing or another's. Without a key a signature is not looked at.
    """
    body, signature = _split_signature(content, file)
    if key is not None:
        _check_signature(body, signature, file, key)
    title, *lines = body.splitlines()
    if title != _TITLE:
        raise InvalidVersionError(file, f"starts with {title[:40]!r}, not with {_TITLE!r}")
    entries: dict[str, Entry] = {}
    for line in lines:
        name, entry = _parse_entry(line, file)
        if name in entries:
            raise InvalidVersionError(file, f"lists {name!r} twice")
        entries[name] = entry
    return entries


def _split_signature(content: bytes, file: Path) -> tuple[str, str | None]:
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise InvalidVersionError(file, "is not plain ASCII text") from error
    if not text.endswith("\n"):
        raise InvalidVersionError(file, "is cut off: its last line has no end")
    body, mark, signature = text.partition(_SIGNATURE)
    return (body, signature.removesuffix("\n")) if mark else (text, None)


def _check_signature(body: str, signature: str | None, file: Path, key: bytes) -> None:
    if signature is None:
        raise InvalidVersionError(file, "is not signed, and a model key is set; train again with the key")
    if not hmac.compare_digest(signature, _sign(body, key)):
        raise InvalidVersionError(file, "the signature is wrong: altered, or signed with another model key")


def _parse_entry(line: str, file: Path) -> tuple[str, Entry]:
    match = _ENTRY.fullmatch(line)
    if match is None:
        raise InvalidVersionError(file, f"has a malformed line: {line[:80]!r}")
    sha256, size, name = match.groups()
    if not PLAIN_NAME.fullmatch(name) or name == MANIFEST:
        raise InvalidVersionError(file, f"names {name!r}, which is not a plain file of this folder")
    return name, Entry(sha256, int(size))


def _sign(body: str, key: bytes) -> str:
    return hmac.new(key, body.encode("ascii"), hashlib.sha256).hexdigest()
