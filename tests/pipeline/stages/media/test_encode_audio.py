"""The replay's audio: one AAC track on the replay clock."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from domain.audio import ReplayAudio
from domain.clock import Span
from fixtures.media import PROBED, Clip, media_of, recording, rendered, sound_of, with_hole
from media import ffmpeg
from media.demuxer import generated_mp4_duration
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.encode_audio import EncodeAudio

pytestmark = pytest.mark.media


def encoded(*files: Path) -> tuple[Path | None, float]:
    show = recording(*files)
    media = media_of(show)
    timeline = BuildTimeline()(media, PROBED)
    return sound_of(show, timeline, media=media).file, timeline.duration


def test_all_clips_are_one_track_as_long_as_the_replay() -> None:
    hole = with_hole(Clip(".flv", length_s=8), Span(2, 5))
    file, duration = encoded(hole, rendered(Clip(".ts")))
    assert file is not None
    assert generated_mp4_duration(file) == pytest.approx(duration, abs=0.03)


def test_sound_begins_when_it_did_in_the_recording() -> None:
    file, _ = encoded(rendered(Clip(".mp4", sound_delay_s=2.0)))
    with av.open(str(file)) as track:
        blocks = [(frame.time or 0.0, np.abs(frame.to_ndarray()).mean()) for frame in track.decode(audio=0)]
    first_loud = next(time for time, level in blocks if level > 0.01)
    assert first_loud == pytest.approx(2.0, abs=0.05)


def test_a_show_without_sound_has_none() -> None:
    assert encoded(rendered(Clip(has_sound=False)))[0] is None


def test_the_same_input_gives_the_same_bytes() -> None:
    made = []
    for _ in range(2):
        file, _duration = encoded(rendered(Clip(".flv")))
        assert file is not None
        made.append(file.read_bytes())
    assert made[0] == made[1]


def recorded(file: Path, expression: str, channels: int = 1) -> Path:
    """Tiny pictures, and 12 s of sound that the expression gives at each time t, full scale 1."""
    import ffmpeg as graph

    voices = "|".join([expression] * channels)
    layout = "mono" if channels == 1 else "stereo"
    sound = graph.input(f"aevalsrc='{voices}':s=44100:d=12:c={layout}", format="lavfi")["a"]
    picture = graph.input("color=s=64x64:r=5:d=12", format="lavfi")["v"]
    options = {"vcodec": "libx264", "preset": "ultrafast", "g": 5, "acodec": "pcm_s16le"}
    ffmpeg.run(graph.output(picture, sound, str(file), **options), ffmpeg.FfmpegJob(None, 12.0))
    return file


def made_of(folder: Path, expression: str, channels: int = 1) -> ReplayAudio:
    show = recording(recorded(folder / "recording.mkv", expression, channels))
    return sound_of(show, BuildTimeline()(media_of(show), PROBED))


def peak(audio: ReplayAudio) -> float:
    """The highest sample after decoding and fourfold oversampling, full scale 1."""
    import ffmpeg as graph

    heard = graph.input(str(audio.file))["a"].filter("aresample", 192_000)
    output = graph.output(heard, "pipe:1", format="f32le", acodec="pcm_f32le")
    samples = np.frombuffer(b"".join(ffmpeg.read_stdout(output, ffmpeg.FfmpegJob(None, 12.0))), dtype="<f4")
    return float(np.abs(samples).max())


QUIET_TONE = "0.03*sin(2*PI*1000*t)"  # -30.5 dBFS: from two speakers -30.5 LUFS or so
BURSTS = "(0.05+0.9*lt(mod(t,6),0.005))*sin(2*PI*997*t)"  # quiet speech and knocks at the microphone


@pytest.mark.parametrize("channels", [1, 2])
def test_a_quiet_show_is_made_as_loud_as_others(channels: int, tmp_path: Path) -> None:
    audio = made_of(tmp_path, QUIET_TONE, channels)
    assert audio.recorded_lufs == pytest.approx(-30.5, abs=0.5)
    show = recording(rendered_with(audio, tmp_path / "again.mkv"))
    after = sound_of(show, BuildTimeline()(media_of(show), PROBED))
    assert after.recorded_lufs == pytest.approx(-16, abs=0.6)


def rendered_with(audio: ReplayAudio, file: Path) -> Path:
    import ffmpeg as graph

    picture = graph.input("color=s=64x64:r=5:d=12", format="lavfi")["v"]
    sound = graph.input(str(audio.file))["a"]
    options = {"vcodec": "libx264", "preset": "ultrafast", "g": 5, "acodec": "pcm_s16le"}
    ffmpeg.run(graph.output(picture, sound, str(file), **options), ffmpeg.FfmpegJob(None, 12.0))
    return file


def test_knocks_are_limited_below_full_scale_between_samples_too(tmp_path: Path) -> None:
    audio = made_of(tmp_path, BURSTS)
    assert audio.gain_db > 0
    assert 0.3 < peak(audio) < 1.0


def test_silence_stays_silence(tmp_path: Path) -> None:
    audio = made_of(tmp_path, "0")
    assert (audio.recorded_lufs, audio.gain_db, audio.warnings) == (None, 0.0, ())
    assert peak(audio) < 0.001


def test_hardly_audible_sound_is_raised_by_the_maximum_gain_with_a_warning(tmp_path: Path) -> None:
    audio = made_of(tmp_path, "0.003*sin(2*PI*1000*t)")
    assert audio.gain_db == 15.0
    (warning,) = audio.warnings
    assert "at -50.5 LUFS and reaches -35.5, not -16" in warning


def test_nothing_but_the_encoded_sound_is_left_behind(tmp_path: Path) -> None:
    file = made_of(tmp_path, QUIET_TONE).file
    assert file is not None
    assert list(file.parent.iterdir()) == [file]


SPEECHLIKE = "0.2*sin(2*PI*(180+60*sin(0.9*t))*t)*(0.6+0.4*sin(17*t))+0.02*(random(0)-0.5)"
BLOCK = 1024  # samples of an AAC frame


@pytest.mark.parametrize("channels", [1, 2])
def test_parts_join_without_a_seam_that_can_be_heard(channels: int, tmp_path: Path) -> None:
    """Where parts meet, what coding adds to the sound is no more than anywhere else."""
    show = recording(recorded(tmp_path / "recording.mkv", SPEECHLIKE, channels))
    timeline = BuildTimeline()(media_of(show), PROBED)
    plain = EncodeAudio(part_s=4.0, max_gain_db=0.0)
    noise = decoded(sound_of(show, timeline, plain).file) - decoded(show.files[0].path)
    levels = np.sqrt(np.mean(np.square(noise.reshape(-1, BLOCK)), axis=1))
    seams = [round(border * 44_100 / BLOCK) for border in (4.0, 8.0)]
    near = [level for seam in seams for level in levels[seam - 3 : seam + 12]]
    assert max(near) < 1.5 * np.quantile(levels[10:-10], 0.9)


def decoded(file: Path | None) -> NDArray[np.float32]:
    """The first channel from its first sample on, whole blocks, full scale 1."""
    import ffmpeg as graph

    output = graph.output(graph.input(str(file))["a"], "pipe:1", format="f32le", acodec="pcm_f32le", ac=1)
    samples = np.frombuffer(b"".join(ffmpeg.read_stdout(output, ffmpeg.FfmpegJob(None, 12.0))), dtype="<f4")
    return samples[: 12 * 44_100 // BLOCK * BLOCK]
