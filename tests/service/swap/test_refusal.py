"""What cannot be trusted does not answer, and what answered before goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models.versions import Registry, read_version, write_version
from tests.recipes import RECIPE
from tests.service.server_process import ServerProcess


def tamper(models_dir: Path, version: str) -> None:
    """Flip the last byte of a version's weights."""
    weights = models_dir / version / "weights.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)


def wait_until(server: ServerProcess, fits: Callable[[Any], bool]) -> Any:
    """What /readyz answers as soon as it fits."""
    deadline = time.monotonic() + 30
    while not fits(ready := server.get("/readyz")) and time.monotonic() < deadline:
        time.sleep(0.1)
    return ready


def test_a_tampered_version_is_refused_at_swap(start_server: Callable[..., ServerProcess], models_dir: Path) -> None:
    """Promoting it is a conflict; slipped in behind the registry's back it is not served either, until it is mended."""
    server = start_server()
    whole = (models_dir / "fourth" / "weights.safetensors").read_bytes()
    tamper(models_dir, "fourth")

    refused = server.post("/v1/models/fourth/promote", {"why": "it knows recipes"})
    (models_dir / "champion").write_text("fourth\n")
    ready = wait_until(server, lambda answer: answer.json["status"] == "degraded")
    answer = server.post("/v1/classify", {"text": RECIPE})

    assert 409 == refused.status
    assert "weights.safetensors: is not the file that MANIFEST describes" in refused.json["detail"]
    assert (200, "small") == (ready.status, ready.json["model"])
    assert "fourth is refused by process" in ready.json["checks"]["champion"]
    assert "weights.safetensors" in ready.json["checks"]["champion"]
    assert (200, "small") == (answer.status, answer.json["model"])
    assert "lanmu_model_refused 1.0" in server.get("/metrics").body.decode()

    (models_dir / "fourth" / "weights.safetensors").write_bytes(whole)
    mended = wait_until(server, lambda answer: answer.json["model"] == "fourth" and answer.json["status"] == "ok")

    assert ("ok", "ok") == (mended.json["status"], mended.json["checks"]["champion"])


def test_a_version_that_answers_otherwise_here_is_refused(
    start_server: Callable[..., ServerProcess], models_dir: Path, registry: Registry
) -> None:
    """A version with sound files that does not give its golden answers is not promoted, and the history stays."""
    saved = read_version(models_dir / "fourth")
    golden = [saved.golden[0] | {"answers": [{"label": "recipe", "probabilities": {}}]}]
    write_version(models_dir, "liar", weights=saved.weights, metadata=saved.metadata, golden=golden)
    registry.record_verdict("liar", {"passed": True, "reasons": []})
    server = start_server()

    refused = server.post("/v1/models/liar/promote", {"why": "it says it is better"})

    assert 409 == refused.status
    assert "golden.jsonl: line 1" in refused.json["detail"]
    assert ["small"] == [change.version for change in registry.history()]
    assert "small" == server.get("/readyz").json["model"]


def test_a_tampered_champion_is_refused_at_load(start_server: Callable[..., ServerProcess], models_dir: Path) -> None:
    """The service starts without it, says why, and answers once another version is promoted."""
    tamper(models_dir, "small")
    server = start_server()

    before = server.get("/readyz")
    promoted = server.post("/v1/models/fourth/promote", {"why": "the champion is damaged"})
    after = server.get("/readyz")

    assert (503, "failing") == (before.status, before.json["status"])
    assert "weights.safetensors" in before.json["checks"]["model"]
    assert (200, True) == (promoted.status, promoted.json["serving"])
    assert (200, "ok", "fourth") == (after.status, after.json["status"], after.json["model"])
