"""Audio for recognition: on the replay clock to the sample, silent where nothing was recorded."""

import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.audio import SpeechAudio
from domain.clock import Span
from domain.errors import MediaError
from domain.progress import no_progress
from fixtures.media import PROBED, Clip, media_of, recording, rendered, with_hole
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.speech.extract_speech_audio import ExtractSpeechAudio

pytestmark = pytest.mark.media
RATE = 16_000
LOUD = 300  # of 32767: the sine is at 4096


def extracted(folder: Path, *files: Path) -> SpeechAudio:
    show = recording(*files)
    media = media_of(show)
    return ExtractSpeechAudio()(show, media, BuildTimeline()(media, PROBED), folder, no_progress)


def samples_of(audio: SpeechAudio) -> NDArray[np.int16]:
    with wave.open(str(audio.file), "rb") as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(wav.readframes(wav.getnframes()), dtype=np.int16)


def loudness(samples: NDArray[np.int16], start: float, end: float) -> float:
    return float(np.abs(samples[round(start * RATE) : round(end * RATE)].astype(np.int32)).mean())


@pytest.mark.parametrize("suffix", [".flv", ".mp4", ".ts", ".mkv"])
def test_the_audio_is_exactly_as_long_as_the_replay(suffix: str, tmp_path: Path) -> None:
    audio = extracted(tmp_path, rendered(Clip(suffix)))
    assert len(samples_of(audio)) == round(audio.duration * RATE)
    assert loudness(samples_of(audio), 0.1, 5.8) > LOUD


def test_audio_that_begins_late_is_preceded_by_silence(tmp_path: Path) -> None:
    samples = samples_of(extracted(tmp_path, rendered(Clip(".mp4", sound_delay_s=2.0))))
    assert loudness(samples, 0, 1.9) < 1
    assert loudness(samples, 2.05, 5.8) > LOUD


def test_a_short_gap_is_filled_with_silence(tmp_path: Path) -> None:
    samples = samples_of(extracted(tmp_path, with_hole(Clip(".flv", length_s=8), Span(2, 3.5))))
    assert loudness(samples, 2.1, 3.4) < 1
    assert loudness(samples, 3.6, 7.8) > LOUD


def test_a_long_gap_is_left_out(tmp_path: Path) -> None:
    audio = extracted(tmp_path, with_hole(Clip(".flv", length_s=8), Span(2, 5)))
    assert audio.duration == pytest.approx(5, abs=0.1)
    assert loudness(samples_of(audio), 0.1, 1.9) > LOUD
    assert loudness(samples_of(audio), 2.1, 4.8) > LOUD


def test_a_file_without_audio_among_others_is_silent(tmp_path: Path) -> None:
    samples = samples_of(
        extracted(tmp_path, rendered(Clip(".flv")), rendered(Clip(".mp4", has_sound=False, length_s=3)))
    )
    assert loudness(samples, 6.1, 8.9) < 1


def test_a_show_without_any_audio_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"no audio track.*captions"):
        extracted(tmp_path, rendered(Clip(has_sound=False)))


def test_pauses_are_the_quiet_instants_about_every_ten_seconds(tmp_path: Path) -> None:
    clip = Clip(".flv", length_s=21)
    audio = extracted(tmp_path, with_hole(clip, Span(3, 4.5)))
    assert len(audio.quiet_points) == 2
    assert 3.1 < audio.quiet_points[0] < 4.4
    assert all(a < b for a, b in pairwise(audio.quiet_points))
