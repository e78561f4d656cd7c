"""Learned files: where they come from, and what identifies them."""

from models.weights.whisper_files import digest_of, folder_of

__all__ = ["digest_of", "folder_of"]
