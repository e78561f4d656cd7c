"""Learned files: where they come from, and what identifies them."""

from models.plugged_in import digest_of_plugged_in, is_plugged_in
from models.weights.whisper_files import digest_of as digest_of_whisper
from models.weights.whisper_files import folder_of

__all__ = ["digest_of", "folder_of"]


def digest_of(model: str) -> str:
    """What identifies `model` in keys: weights of Whisper, or a recogniser that somebody else wrote."""
    return digest_of_plugged_in(model) if is_plugged_in(model) else digest_of_whisper(model)
