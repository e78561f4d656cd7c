"""Packaged audio plays when it was recorded, to the sample, whatever priming the encoder has."""

from pathlib import Path

import av
import numpy as np
import pytest

from media import ffmpeg
from media.package.audio_segments import AudioSegment, write_audio_segments
from pipeline.stages.media.decode_audio import AAC_RATES_HZ

pytestmark = pytest.mark.media

LENGTH_S = 2.0
BEEPS = (0.0, 0.5, 1.31)
TENTH, HALF = 0.1, 0.4  # of full scale; beeps have 0.8


def encoded(file: Path, rate: int, channels: int = 1) -> Path:
    """Beeps of 50 ms as AAC in an MP4 file."""
    import ffmpeg as graph

    loud = "+".join(f"between(t,{at},{at + 0.05})*sin(2*PI*1000*(t-{at}))" for at in BEEPS)
    voices = "|".join([f"0.8*({loud})"] * channels)
    sound = graph.input(f"aevalsrc='{voices}':s={rate}:d={LENGTH_S}", format="lavfi")["a"]
    options = {"acodec": "aac", "audio_bitrate": "96k", "aac_coder": "fast"}
    ffmpeg.run(ffmpeg.reproducible_output(sound, str(file), format="mp4", **options), ffmpeg.FfmpegJob(None, LENGTH_S))
    return file


def joined(segments: list[AudioSegment], init: Path) -> Path:
    """Header and segments in one file, as a player puts them together."""
    whole = init.with_name("whole.mp4")
    whole.write_bytes(init.read_bytes() + b"".join(segment.content for segment in segments))
    return whole


def heard(file: Path) -> tuple[np.ndarray[tuple[int], np.dtype[np.float32]], float]:
    """The first channel, and the time of its first sample."""
    with av.open(str(file)) as sound:
        frames = list(sound.decode(audio=0))
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]), frames[0].time or 0.0


@pytest.mark.parametrize("rate", AAC_RATES_HZ)
def test_beeps_are_heard_when_they_were_made(rate: int, tmp_path: Path) -> None:
    init = tmp_path / "init.mp4"
    levels, start = heard(joined(list(write_audio_segments(encoded(tmp_path / "a.mp4", rate), init, [0.0, 1.0])), init))
    assert start == 0
    for beep in BEEPS:
        first, last = round((beep - 0.1) * rate), round((beep + 0.1) * rate)
        threshold = HALF if beep else TENTH  # the first packet fades in
        onset = (np.flatnonzero(np.abs(levels[max(0, first) : last]) > threshold)[0] + max(0, first)) / rate
        assert onset == pytest.approx(beep, abs=0.002 if beep else 0.02)


def test_segments_begin_with_the_first_packet_at_a_border(tmp_path: Path) -> None:
    file = encoded(tmp_path / "a.mp4", 16_000, channels=2)
    made = list(write_audio_segments(file, tmp_path / "init.mp4", [0.0, 0.5, 0.51, 1.28]))
    assert [segment.duration for segment in made] == pytest.approx([0.512, 0.768, 0.72])  # packets of 64 ms


def test_no_edit_list_is_written(tmp_path: Path) -> None:
    init = tmp_path / "init.mp4"
    list(write_audio_segments(encoded(tmp_path / "a.mp4", 16_000), init, [0.0]))
    assert b"edts" not in init.read_bytes()
