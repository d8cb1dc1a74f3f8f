"""Where the versions are that come with Lanmu. Settings ask for it, in processes without a model or numpy."""

from __future__ import annotations

from pathlib import Path

SHIPPED_MODELS = Path(__file__).resolve().parent / "saved"
"""The registry that comes with Lanmu."""
