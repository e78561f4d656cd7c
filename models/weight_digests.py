"""What identifies learned files."""

from models.speech.plugin import digest_of_plugged_in, is_plugged_in
from models.speech.whisper_files import digest_of as digest_of_whisper

UNDERSTANDING = "understanding:"
"""What the names of weights begin with that no recogniser loads."""


def digest_of(model: str) -> str:
    """What identifies `model` in keys: an understanding, weights of Whisper, or a recogniser that somebody wrote."""
    if model.startswith(UNDERSTANDING):
        from models.segmentation.weights_bundle import digest_of_understanding

        return digest_of_understanding(model.removeprefix(UNDERSTANDING))
    return digest_of_plugged_in(model) if is_plugged_in(model) else digest_of_whisper(model)
