"""Audio artefacts are values: equal by content, and a show without audio has no file."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from domain.audio import AudioTrackInfo, DecodedAudio, ReplayAudio, SpeechAudio


def test_a_show_without_audio_has_neither_samples_nor_gain() -> None:
    decoded, encoded = DecodedAudio(None), ReplayAudio(None)
    assert (decoded.sample_count, decoded.recorded_lufs) == (0, None)
    assert (encoded.recorded_lufs, encoded.gain_db, encoded.warnings) == (None, 0.0, ())


def test_tracks_differ_by_their_index_too() -> None:
    track = AudioTrackInfo("aac", 48_000, 2)
    assert track == AudioTrackInfo("aac", 48_000, 2, track_index=0)
    assert track != replace(track, track_index=1)


def test_audio_cannot_be_changed_in_place() -> None:
    speech = SpeechAudio(Path("speech.wav"), 60.0, (10.0, 20.0))
    with pytest.raises(FrozenInstanceError):
        speech.duration = 0.0  # type: ignore[misc]  # the point of the test
