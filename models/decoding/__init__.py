"""Bytes read as text, whatever they say of their encoding."""

from models.decoding.decode import decode

__all__ = ["decode"]
