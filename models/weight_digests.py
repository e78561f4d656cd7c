"""Digests of learned files, for cache keys."""

from models.speech.plugin import is_plugin, plugin_digest
from models.speech.whisper_files import whisper_digest as digest_of_whisper

WEIGHTS_BUNDLE_PREFIX = "understanding:"
"""The prefix of names of weights bundles; without it, a name means a recogniser."""


def weights_digest(model: str) -> str:
    """The digest of `model`: a weights bundle, weights of Whisper, or a plugin's module."""
    if model.startswith(WEIGHTS_BUNDLE_PREFIX):
        from models.segmentation.weights_bundle import weights_bundle_digest

        return weights_bundle_digest(model.removeprefix(WEIGHTS_BUNDLE_PREFIX))
    return plugin_digest(model) if is_plugin(model) else digest_of_whisper(model)
