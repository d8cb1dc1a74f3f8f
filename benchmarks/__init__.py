"""Lanmu beside its peers: speed by `python -m benchmarks`, quality by `python -m benchmarks.quality`."""
