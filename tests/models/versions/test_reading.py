"""Only a version that is exactly what was saved is opened."""

from __future__ import annotations

import os
import shutil
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pytest
import safetensors.numpy

from models.versions import InvalidVersionError, read_version
from models.versions.manifest import entry_of, format_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.models.versions.conftest import Save


KEY = b"a key for tests"


def list_anew(folder: Path) -> None:
    """Make MANIFEST fit the files again, as an attacker without the key would."""
    files = {file.name: entry_of(file.read_bytes()) for file in folder.iterdir() if file.name != "MANIFEST"}
    (folder / "MANIFEST").write_bytes(format_manifest(files, None))


def replace_weights(folder: Path, content: bytes) -> None:
    """Put other weights into a version, and list them."""
    (folder / "weights.safetensors").write_bytes(content)
    list_anew(folder)


def flip_byte(folder: Path) -> None:
    """Change one bit of one weight."""
    file = folder / "weights.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def cut_off(folder: Path) -> None:
    """Lose the end of a file."""
    os.truncate(folder / "golden.jsonl", 10)


def swap(folder: Path) -> None:
    """Give two files each other's names."""
    (folder / "card.md").rename(folder / "aside")
    (folder / "pipeline.joblib").rename(folder / "card.md")
    (folder / "aside").rename(folder / "pipeline.joblib")


def link(folder: Path) -> None:
    """Put a link to the very same content in a file's place."""
    content = folder / "card.md"
    content.rename(folder.parent / "elsewhere.md")
    content.symlink_to(folder.parent / "elsewhere.md")


def pipe(folder: Path) -> None:
    """Put a named pipe in a file's place, which would block its reader."""
    (folder / "card.md").unlink()
    os.mkfifo(folder / "card.md")


def list_unlisted(folder: Path) -> None:
    """List a version without its weights."""
    (folder / "weights.safetensors").unlink()
    list_anew(folder)


def lengthen(folder: Path) -> None:
    """Make a file larger than any version needs, at no cost of disk."""
    os.truncate(folder / "card.md", (64 << 20) + 1)


def cut_manifest(folder: Path) -> None:
    """Lose the end of MANIFEST."""
    os.truncate(folder / "MANIFEST", 100)


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (flip_byte, r"weights\.safetensors: is not the file that MANIFEST describes"),
        (cut_off, r"golden\.jsonl: has 10 bytes, where MANIFEST says \d+"),
        (swap, r"card\.md: has 26 bytes, where MANIFEST says 9"),
        (link, r"card\.md: is a link"),
        (pipe, r"card\.md: is not a regular file"),
        (lengthen, r"card\.md: is too large"),
        (list_unlisted, r"weights\.safetensors: is missing, and a version is nothing without it"),
        (cut_manifest, r"MANIFEST: is cut off"),
        (lambda folder: (folder / "model.json").unlink(), r"model\.json: is missing, though MANIFEST lists it"),
        (lambda folder: (folder / "MANIFEST").unlink(), r"MANIFEST: is missing"),
        (lambda folder: (folder / "more.txt").touch(), r"more\.txt: is extra"),
        (lambda folder: (folder / "more").mkdir(), r"more: is extra"),
        (shutil.rmtree, r"first: cannot be opened as a folder"),
    ],
    ids=[
        "flipped bit", "cut-off file", "swapped files", "link", "pipe", "too large", "no weights listed",
        "cut-off MANIFEST", "missing file", "missing MANIFEST", "extra file", "extra folder", "no folder",
    ],
)  # fmt: skip
def test_a_tampered_version_is_refused(save: Save, tamper: Callable[[Path], None], reason: str) -> None:
    """A version that is not what was saved is refused, and the error names the file and what is wrong with it."""
    folder = save()
    tamper(folder)

    with pytest.raises(InvalidVersionError, match=reason):
        read_version(folder)


def test_a_file_of_the_same_size_from_another_version_is_refused(save: Save) -> None:
    """A file is bound to its version by its hash, not by its name and size alone."""
    first, second = save("first", golden=[{"n": 1}]), save("second", golden=[{"n": 2}])
    shutil.copy(second / "golden.jsonl", first / "golden.jsonl")

    with pytest.raises(InvalidVersionError, match=r"golden\.jsonl: is not the file that MANIFEST describes"):
        read_version(first)


@pytest.mark.parametrize("name", ["../other", "/etc/hostname", "a\0b", "sub/file", "..", ".hidden", "MANIFEST", ""])
def test_a_name_that_is_no_plain_file_of_the_folder_is_refused(save: Save, name: str) -> None:
    """MANIFEST can name files of its own folder only, however well it is formed otherwise."""
    folder = save()
    with (folder / "MANIFEST").open("a", encoding="ascii") as stream:
        stream.write(f"{'0' * 64} 1 {name}\n")

    with pytest.raises(InvalidVersionError, match=r"which is not a plain file of this folder"):
        read_version(folder)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.array([1.0, np.nan], np.float32), "array 'w' holds NaN or infinity"),
        (np.array([[np.inf]], np.float64), "array 'w' holds NaN or infinity"),
        (np.array([-np.inf], np.float16), "array 'w' holds NaN or infinity"),
        (np.array([1j], np.complex64), "array 'w' has dtype 'C64', which is not a plain number"),
        (np.array([1, 2], np.uint8).view(bool), "array 'w' holds truth values other than 0 and 1"),
    ],
    ids=["NaN", "infinity", "minus infinity", "complex", "odd truth values"],
)
def test_arrays_that_are_no_finite_numbers_are_refused(save: Save, array: np.ndarray, reason: str) -> None:
    """Weights are finite plain numbers, even where MANIFEST vouches for others."""
    folder = save()
    replace_weights(folder, safetensors.numpy.save({"w": array}))

    with pytest.raises(InvalidVersionError, match=reason):
        read_version(folder)


def packed(header: object, content: bytes = b"\0" * 16, padding: int = 0) -> bytes:
    """A safetensors file with a header of our choice."""
    head = orjson.dumps(header)
    head += b" " * (-len(head) % 8 + padding)
    return struct.pack("<Q", len(head)) + head + content


def place(start: int, end: int, shape: list[int], dtype: str = "F32") -> dict[str, object]:
    """The header's entry for one array."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is cut off, or no safetensors file"),
        (b"\xff" * 32, "is cut off, or no safetensors file"),
        (packed([]), "holds a JSON list"),
        (struct.pack("<Q", 4) + b"{'a'", "is not JSON"),
        (packed({"w": 5}), "array 'w' has a malformed header"),
        (packed({"w": place(0, 16, [-4, -1])}), "array 'w' has a malformed header"),
        (packed({"w": place(0, 16, [4], "O")}), "array 'w' has dtype 'O'"),
        (packed({"w": place(0, 20, [5])}), "does not fit into its place"),
        (packed({"w": place(0, 16, [5])}), "does not fit into its place"),
        (packed({"w": place(4, 16, [3])}), "does not fit into its place"),
        (packed({"v": place(0, 12, [3]), "w": place(8, 16, [2])}), "does not fit into its place"),
        (packed({"w": place(0, 12, [3])}), "bytes that belong to no array"),
        (packed({"w": place(0, 0, [0, 1 << 62, 1 << 62])}, b""), "has an impossible shape"),
        (packed({"w": place(0, 16, [4])}, padding=1), "is not aligned to its 4 bytes"),
    ],
    ids=[
        "empty", "no length", "list", "no JSON", "no object", "negative shape", "object dtype", "past the end",
        "shape too large", "hole", "overlap", "left over", "impossible shape", "misaligned",
    ],
)  # fmt: skip
def test_a_malformed_safetensors_file_is_refused(save: Save, content: bytes, reason: str) -> None:
    """Arrays have to fill the file exactly, each aligned and of a plain type."""
    folder = save()
    replace_weights(folder, content)

    with pytest.raises(InvalidVersionError, match=reason):
        read_version(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"a": NaN}', r"model\.json: is not JSON"),
        (b"[]", r"model\.json: holds a JSON list where an object was expected"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, r"model\.json: is nested deeper than 32 levels"),
        (b"[" * 5000 + b"]" * 5000, r"model\.json: is not JSON"),
        (b'{"a": "\xff"}', r"model\.json: is not JSON"),
    ],
    ids=["NaN", "list", "deep", "very deep", "no UTF-8"],
)
def test_metadata_is_a_plain_json_object(save: Save, content: bytes, reason: str) -> None:
    """model.json holds one object of bounded depth, even where MANIFEST vouches for something else."""
    folder = save()
    (folder / "model.json").write_bytes(content)
    list_anew(folder)

    with pytest.raises(InvalidVersionError, match=reason):
        read_version(folder)


@pytest.mark.parametrize(
    ("signed_with", "reason"),
    [(None, "is not signed, and a model key is set"), (b"another key", "the signature is wrong")],
    ids=["unsigned", "another key"],
)
def test_with_a_key_only_its_signature_counts(save: Save, signed_with: bytes | None, reason: str) -> None:
    """A reader with a model key refuses versions that are unsigned or signed with another key."""
    folder = save(key=signed_with)

    with pytest.raises(InvalidVersionError, match=reason):
        read_version(folder, key=KEY)


def test_a_signature_covers_every_line(save: Save) -> None:
    """A signed MANIFEST cannot be changed without the key, not even by a file that is listed properly."""
    folder = save(key=KEY)
    signature = (folder / "MANIFEST").read_bytes().splitlines(keepends=True)[-1]
    (folder / "card.md").write_text("another card")
    list_anew(folder)
    with (folder / "MANIFEST").open("ab") as stream:
        stream.write(signature)

    with pytest.raises(InvalidVersionError, match="the signature is wrong"):
        read_version(folder, key=KEY)


@pytest.mark.parametrize("key", [KEY, None], ids=["with the key", "without a key"])
def test_a_signed_version_opens(save: Save, key: bytes | None) -> None:
    """A signed version opens with its key, and for readers that ask for no signature."""
    assert read_version(save(key=KEY), key=key).metadata["labels"] == ["opinion", "none"]


def test_weights_are_mapped_and_cannot_be_written(save: Save, weights: dict[str, np.ndarray]) -> None:
    """The arrays stand on the file itself, so that processes share its pages, and nobody can change them."""
    folder = save()

    opened = read_version(folder)

    assert str(folder / "weights.safetensors") in Path("/proc/self/maps").read_text()
    assert weights.keys() == opened.weights.keys()
    assert not any(array.flags.writeable or array.flags.owndata for array in opened.weights.values())
