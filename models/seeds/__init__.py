"""Seeds, labelled sections, and the files they come in. Training learns from them, the service keeps them."""

from pathlib import Path

SHIPPED_SEEDS = Path(__file__).resolve().parents[2] / "training" / "seeds"
"""The seeds that come with Lanmu."""
