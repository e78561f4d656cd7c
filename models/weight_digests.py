"""What identifies learned files."""

from models.speech.plugin import is_plugin, plugin_digest
from models.speech.whisper_files import whisper_digest as digest_of_whisper

WEIGHTS_BUNDLE_PREFIX = "understanding:"
"""What the names of weights begin with that no recogniser loads."""


def weights_digest(model: str) -> str:
    """What identifies `model` in keys: an understanding, weights of Whisper, or a recogniser that somebody wrote."""
    if model.startswith(WEIGHTS_BUNDLE_PREFIX):
        from models.segmentation.weights_bundle import weights_bundle_digest

        return weights_bundle_digest(model.removeprefix(WEIGHTS_BUNDLE_PREFIX))
    return plugin_digest(model) if is_plugin(model) else digest_of_whisper(model)
