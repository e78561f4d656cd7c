"""The replay's sound: one AAC track on the replay clock."""

from pathlib import Path

import av
import numpy as np
import pytest

from domain.clock import Span
from domain.media import ReplayAudio
from fixtures.media import Clip, media_of, recording, rendered, with_hole
from pipeline import ffmpeg
from pipeline.containers import made_length
from pipeline.stage import no_progress
from pipeline.stages.encode_audio import EncodeAudio
from pipeline.stages.line_up import LineUp


def encoded(folder: Path, *files: Path) -> tuple[Path | None, float]:
    show = recording(*files)
    media = media_of(show)
    timeline = LineUp()(media)
    return EncodeAudio()(show, media, timeline, folder, no_progress).file, timeline.duration


def test_all_pieces_are_one_track_as_long_as_the_replay(tmp_path: Path) -> None:
    hole = with_hole(Clip(".flv", length_s=8), Span(2, 5))
    file, duration = encoded(tmp_path, hole, rendered(Clip(".ts")))
    assert file is not None
    assert made_length(file) == pytest.approx(duration, abs=0.03)


def test_sound_begins_when_it_did_in_the_recording(tmp_path: Path) -> None:
    file, _ = encoded(tmp_path, rendered(Clip(".mp4", sound_delay_s=2.0)))
    with av.open(str(file)) as track:
        blocks = [(frame.time or 0.0, np.abs(frame.to_ndarray()).mean()) for frame in track.decode(audio=0)]
    first_loud = next(time for time, level in blocks if level > 0.01)
    assert first_loud == pytest.approx(2.0, abs=0.05)


def test_a_show_without_sound_has_none(tmp_path: Path) -> None:
    assert encoded(tmp_path, rendered(Clip(has_sound=False)))[0] is None


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        file, _ = encoded(tmp_path / name, rendered(Clip(".flv")))
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
    ffmpeg.run(graph.output(picture, sound, str(file), **options), ffmpeg.Job(None, 12.0))
    return file


def made_of(folder: Path, expression: str, channels: int = 1) -> ReplayAudio:
    show = recording(recorded(folder / "recording.mkv", expression, channels))
    media = media_of(show)
    return EncodeAudio()(show, media, LineUp()(media), folder, no_progress)


def peak(audio: ReplayAudio) -> float:
    """The highest sample after decoding and fourfold oversampling, full scale 1."""
    import ffmpeg as graph

    heard = graph.input(str(audio.file))["a"].filter("aresample", 192_000)
    output = graph.output(heard, "pipe:1", format="f32le", acodec="pcm_f32le")
    samples = np.frombuffer(b"".join(ffmpeg.read(output, ffmpeg.Job(None, 12.0))), dtype="<f4")
    return float(np.abs(samples).max())


QUIET_TONE = "0.03*sin(2*PI*1000*t)"  # -30.5 dBFS: from two speakers -30.5 LUFS or so
BURSTS = "(0.05+0.9*lt(mod(t,6),0.005))*sin(2*PI*997*t)"  # quiet speech and knocks at the microphone


@pytest.mark.parametrize("channels", [1, 2])
def test_a_quiet_show_is_made_as_loud_as_others(channels: int, tmp_path: Path) -> None:
    audio = made_of(tmp_path, QUIET_TONE, channels)
    assert audio.recorded_lufs == pytest.approx(-30.5, abs=0.5)
    (tmp_path / "again").mkdir()
    show = recording(rendered_with(audio, tmp_path / "again" / "recording.mkv"))
    media = media_of(show)
    after = EncodeAudio()(show, media, LineUp()(media), tmp_path / "again", no_progress)
    assert after.recorded_lufs == pytest.approx(-16, abs=0.6)


def rendered_with(audio: ReplayAudio, file: Path) -> Path:
    import ffmpeg as graph

    picture = graph.input("color=s=64x64:r=5:d=12", format="lavfi")["v"]
    sound = graph.input(str(audio.file))["a"]
    options = {"vcodec": "libx264", "preset": "ultrafast", "g": 5, "acodec": "pcm_s16le"}
    ffmpeg.run(graph.output(picture, sound, str(file), **options), ffmpeg.Job(None, 12.0))
    return file


def test_knocks_are_limited_below_full_scale_between_samples_too(tmp_path: Path) -> None:
    audio = made_of(tmp_path, BURSTS)
    assert audio.gain_db > 0
    assert 0.3 < peak(audio) < 1.0


def test_silence_stays_silence(tmp_path: Path) -> None:
    audio = made_of(tmp_path, "0")
    assert (audio.recorded_lufs, audio.gain_db) == (None, 0.0)
    assert peak(audio) < 0.001


def test_hardly_audible_sound_is_raised_by_no_more_than_the_bound(tmp_path: Path) -> None:
    assert made_of(tmp_path, "0.003*sin(2*PI*1000*t)").gain_db == 15.0


def test_nothing_but_the_encoded_sound_is_left_behind(tmp_path: Path) -> None:
    made_of(tmp_path, QUIET_TONE)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["audio.mp4", "recording.mkv"]
