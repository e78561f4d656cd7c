"""Every frame of the recording is in the replay once, at its time, whatever the container and wherever parts end."""

import re
import shutil
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from domain.audio import ReplayAudio
from domain.clock import Span, Timeline
from domain.errors import MediaError, ToolError
from domain.progress import no_progress
from domain.recording import MediaInfo
from domain.replay import EncodedVideoPart, Replay
from domain.session import Recording, StartTime
from fixtures.hls_folder import read_segments
from fixtures.media import PROBED, Clip, brightness, media_of, on_its_side, recording, remuxed, rendered, sound_of
from media import ffmpeg
from media.demuxer import generated_mp4_duration
from media.images import read_jpeg
from pipeline.engine.stage import Part
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions, replay_size
from pipeline.stages.media.encode_video import EncodeVideo
from pipeline.stages.vision.sample_frames import SampleFrames

pytestmark = pytest.mark.media

LUMA_SLACK = 2.5  # crf 24 on a flat picture
H264_ONLY = ChooseRenditions(has_av1=False)
UNKNOWN = StartTime(None)
TIME_SLACK = 0.0015  # FLV and Matroska keep milliseconds


def lined_up(*files: Path) -> tuple[Recording, MediaInfo, Timeline]:
    show = recording(*files)
    media = media_of(show)
    return show, media, BuildTimeline()(media, PROBED)


def encoded(
    files: Iterable[Path], folder: Path, stage: EncodeVideo, chosen: ChooseRenditions = H264_ONLY
) -> tuple[EncodedVideoPart, ...]:
    show, media, timeline = lined_up(*files)
    parts = []
    for index, span in enumerate(stage.parts(media, timeline)):
        scratch = folder / f"part {index}"
        scratch.mkdir(parents=True)
        parts.append(
            stage(show, media, timeline, chosen.default_encoding(media), Part(index, span), scratch, no_progress)
        )
    return tuple(parts)


def frames_of(file: Path) -> list[tuple[float, float]]:
    """Presentation time and mean luma of every frame."""
    with av.open(str(file)) as video:
        return [(frame.time, float(np.mean(frame.to_ndarray(format="gray")))) for frame in video.decode(video=0)]


def shown(parts: Iterable[EncodedVideoPart], rendition: int = 0) -> list[tuple[float, float]]:
    return [(part.span.start + time, luma) for part in parts for time, luma in frames_of(part.files[rendition])]


CLIPS = {
    "flv": Clip(".flv"),
    "mp4": Clip(".mp4"),
    "fmp4": Clip(".mp4", is_fragmented=True),
    "ts": Clip(".ts"),
    "mkv": Clip(".mkv"),
    "late start": Clip(".ts", first_instant_s=7.7),
    "uneven frames": Clip(".mp4", rate=20, is_uneven=True),
}


@pytest.mark.parametrize("clip", CLIPS.values(), ids=CLIPS.keys())
def test_no_frame_is_lost_or_doubled_at_part_borders(clip: Clip, tmp_path: Path) -> None:
    source = frames_of(rendered(clip))
    _, media, _ = lined_up(rendered(clip))
    parts = encoded([rendered(clip)], tmp_path, EncodeVideo(part_s=2.0))
    assert len(parts) == 3
    result = shown(parts)
    expected = [time - media.files[0].start_pts for time, _ in source]
    assert [time for time, _ in result][1:] == pytest.approx(expected[1:], abs=TIME_SLACK)
    assert [luma for _, luma in result] == pytest.approx([luma for _, luma in source], abs=LUMA_SLACK)


def test_a_rendered_frame_is_as_bright_as_its_number_says() -> None:
    lumas = [luma for _, luma in frames_of(rendered(Clip()))]
    expected = [(brightness(number) - 16) * 255 / 219 for number in range(len(lumas))]
    assert lumas == pytest.approx(expected, abs=LUMA_SLACK)


def test_parts_are_cut_at_source_key_frames() -> None:
    _, media, timeline = lined_up(rendered(Clip(".flv")))
    parts = EncodeVideo(part_s=2.0).parts(media, timeline)
    assert [a.end for a in parts[:-1]] == [b.start for b in parts[1:]]
    assert {part.start for part in parts[1:]} <= set(media.files[0].video.keyframe_times)
    assert (parts[0].start, parts[-1].end) == (0, timeline.duration)


def test_key_frames_come_on_the_grid_of_the_replay(tmp_path: Path) -> None:
    parts = encoded([rendered(Clip(".flv", length_s=9, sound_delay_s=0.5))], tmp_path, EncodeVideo(part_s=3.0))
    keys = []
    for part in parts:
        with av.open(str(part.files[0])) as video:
            packets = list(video.demux(video=0))
        keys += [part.span.start + float(p.pts * p.time_base) for p in packets if p.is_keyframe and p.pts is not None]
    assert all(any(0 <= key - grid < 0.1 + TIME_SLACK for key in keys) for grid in (0, 2, 4, 6, 8))


def test_files_of_other_sizes_get_the_size_of_the_first(tmp_path: Path) -> None:
    files = [rendered(Clip(".flv")), rendered(Clip(".ts", width=96, height=160))]
    parts = encoded(files, tmp_path, EncodeVideo())
    with av.open(str(parts[1].files[0])) as video:
        picture = next(video.decode(video=0)).to_ndarray(format="gray")
    assert picture.shape == (96, 160)
    assert picture[:, :40].mean() < 5  # a black bar beside the upright picture


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [(1920, 1080, (1280, 720)), (1080, 1920, (720, 1280)), (540, 960, (540, 960)), (161, 97, (160, 96))],
)
def test_the_shorter_side_is_at_most_720_and_both_are_even(width: int, height: int, expected: tuple[int, int]) -> None:
    _, media, _ = lined_up(rendered(Clip(width=width, height=height, length_s=1, pixels="yuv444p")))
    size = replay_size(media, 720)
    assert (size.width, size.height) == expected


@pytest.mark.parametrize("degrees", [90, -90, 180])
def test_pictures_are_turned_alike_in_the_replay_and_in_samples(degrees: int, tmp_path: Path) -> None:
    file = half_lit(on_its_side(Clip(), degrees), tmp_path / "half.mp4")
    (part,) = encoded([file], tmp_path, EncodeVideo())
    with av.open(str(part.files[0])) as video:
        replayed = next(video.decode(video=0)).to_ndarray(format="gray").astype(float)
    show, media, timeline = lined_up(file)
    sample = read_jpeg(SampleFrames()(show, media, timeline, tmp_path, no_progress).frames[0].file).mean(axis=2)
    assert replayed.shape == sample.shape
    assert np.ptp(replayed) > 100
    assert np.abs(replayed - sample).mean() < 10


def half_lit(turned: Path, file: Path) -> Path:
    """A clip that is turned like `turned` and bright on its left half only, as stored."""
    with av.open(str(turned)) as like:
        rotation = next(like.decode(video=0)).rotation
    with av.open(str(file), "w") as made:
        track = made.add_stream("libx264", rate=10)
        track.width, track.height, track.pix_fmt = 160, 96, "yuv420p"
        track.set_display_rotation(rotation)
        lit = np.zeros((96, 160, 3), dtype=np.uint8)
        lit[:, :80] = 255
        lit[:48, 80:] = 60
        for _ in range(10):
            made.mux(track.encode(av.VideoFrame.from_ndarray(lit, format="rgb24")))
        made.mux(track.encode(None))
    return file


def test_pictures_that_grow_in_mid_stream_keep_their_times(tmp_path: Path) -> None:
    file = tmp_path / "recording.mkv"
    with av.open(str(file), "w") as made:
        kept = made.add_stream("mjpeg", rate=10)
        kept.width, kept.height, kept.pix_fmt = 64, 64, "yuvj420p"
        for number in range(10):
            side = 64 if number < 5 else 128
            coder = av.CodecContext.create("mjpeg", "w")
            coder.width, coder.height, coder.pix_fmt, coder.time_base = side, side, "yuvj420p", Fraction(1, 10)
            frame = av.VideoFrame.from_ndarray(np.zeros((side, side, 3), dtype=np.uint8), format="rgb24")
            frame.pts = number
            for packet in coder.encode(frame):
                packet.stream = kept
                made.mux(packet)
    times = [time for time, _ in shown(encoded([file], tmp_path, EncodeVideo()))]
    assert times == pytest.approx([number / 10 for number in range(10)], abs=TIME_SLACK)


def test_odd_sizes_are_encoded(tmp_path: Path) -> None:
    clip = Clip(".mkv", width=161, height=97, length_s=2, pixels="yuv444p")
    assert len(shown(encoded([rendered(clip)], tmp_path, EncodeVideo()))) == 20


def test_a_recording_that_ends_before_its_probed_length_is_no_part(tmp_path: Path) -> None:
    file = tmp_path / "recording.flv"
    shutil.copy(rendered(Clip(".flv")), file)
    show, media, timeline = lined_up(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    encoding = H264_ONLY.default_encoding(media)
    with pytest.raises(MediaError, match="though a key frame is promised at"):
        EncodeVideo()(show, media, timeline, encoding, Part(0, timeline.replay_span), tmp_path, no_progress)


def test_a_recording_that_is_no_longer_media_is_the_inputs_fault(tmp_path: Path) -> None:
    file = tmp_path / "recording.mp4"
    shutil.copy(rendered(Clip(".mp4")), file)
    show, media, timeline = lined_up(file)
    file.write_bytes(b"x" * 5000)
    encoding = H264_ONLY.default_encoding(media)
    with pytest.raises(MediaError, match="cannot be decoded"):
        EncodeVideo()(show, media, timeline, encoding, Part(0, timeline.replay_span), tmp_path, no_progress)


def joined(
    files: list[Path],
    folder: Path,
    stage: EncodeVideo,
    chosen: ChooseRenditions = H264_ONLY,
    began: StartTime = UNKNOWN,
) -> tuple[Replay, Timeline]:
    show, media, timeline = lined_up(*files)
    parts = encoded(files, folder, stage, chosen)
    audio = sound_of(show, timeline, media=media)
    return stage.join(parts, chosen.default_encoding(media), audio, timeline, began, folder), timeline


def test_the_master_playlist_names_one_picture_and_one_sound(tmp_path: Path) -> None:
    replay, timeline = joined([rendered(Clip(".flv", length_s=8))], tmp_path, EncodeVideo(segment_s=2.0))
    lines = (replay.folder / "master.m3u8").read_text(encoding="utf-8").splitlines()
    (stream,) = [line for line in lines if line.startswith("#EXT-X-STREAM-INF:")]
    assert 'CODECS="avc1.64001f,mp4a.40.2"' in stream
    assert "RESOLUTION=160x96" in stream
    assert 'AUDIO="audio"' in stream
    assert sum(line.startswith("#EXT-X-MEDIA:TYPE=AUDIO") for line in lines) == 1
    for rendition in ("h264-96p", "audio"):
        made = read_segments(replay.folder / rendition)
        assert sum(segment.duration for segment in made) == pytest.approx(timeline.duration, abs=0.15)
    peak = int(stream.split("BANDWIDTH=")[1].split(",")[0])
    fattest = max(s.size_bytes * 8 / s.duration for s in read_segments(replay.folder / "h264-96p"))
    assert peak >= fattest
    assert replay.size_bytes == sum(f.stat().st_size for f in replay.folder.rglob("*") if f.is_file())


def test_a_show_without_sound_has_no_audio_rendition(tmp_path: Path) -> None:
    replay, _ = joined([rendered(Clip(".mp4", has_sound=False))], tmp_path, EncodeVideo())
    master = (replay.folder / "master.m3u8").read_text(encoding="utf-8")
    assert "AUDIO" not in master
    assert 'CODECS="avc1.64001f"' in master


def test_files_of_different_frame_rates_and_shapes_join(tmp_path: Path) -> None:
    files = [rendered(Clip(".flv")), rendered(Clip(".ts", rate=25, width=96, height=160, length_s=4))]
    replay, timeline = joined(files, tmp_path, EncodeVideo())
    played = frames_of(replay.folder / "h264-96p" / "index.m3u8")
    assert len(played) == 60 + 100
    assert played[60][0] == pytest.approx(timeline.clips[1].replay_start, abs=TIME_SLACK)


def test_a_part_that_was_not_written_whole_is_not_packaged(tmp_path: Path) -> None:
    (part,) = encoded([rendered(Clip(".flv"))], tmp_path, EncodeVideo())
    _, media, timeline = lined_up(rendered(Clip(".flv")))
    part.files[0].write_bytes(part.files[0].read_bytes()[:-2000])
    with pytest.raises(ToolError):
        EncodeVideo().join((part,), H264_ONLY.default_encoding(media), ReplayAudio(None), timeline, UNKNOWN, tmp_path)


def test_an_encoded_part_is_as_long_as_its_stretch(tmp_path: Path) -> None:
    (part,) = encoded([rendered(Clip(".flv"))], tmp_path, EncodeVideo())
    assert generated_mp4_duration(part.files[0]) == pytest.approx(part.span.duration, abs=0.15)


LATE = {"one a second late": (3.0,), "two": (2.3, 2.7), "the second a key frame": (2.5, 3.0)}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE.keys())
def test_last_frames_that_come_late_are_shown_at_their_times(late: tuple[float, ...], tmp_path: Path) -> None:
    times = [*(number / 25 for number in range(50)), *late]
    files = [rendered(Clip(".flv", length_s=1, has_sound=False)), timed(times, tmp_path / "late.flv")]
    replay, timeline = joined(files, tmp_path, EncodeVideo())
    made = replay.folder / "h264-96p"
    played = [time - timeline.clips[1].replay_start for time, _ in frames_of(made / "index.m3u8")]
    assert played[10:] == pytest.approx(times, abs=TIME_SLACK)
    assert sum(segment.duration for segment in read_segments(made)) == pytest.approx(timeline.duration, abs=TIME_SLACK)


def test_a_picture_that_begins_long_after_the_sound_is_shown_from_the_start(tmp_path: Path) -> None:
    file = with_late_picture(tmp_path / "late.ts", 12.0)
    replay, timeline = joined([file], tmp_path, EncodeVideo())
    played = [time for time, _ in frames_of(replay.folder / "h264-64p" / "index.m3u8")]
    assert played[:2] == pytest.approx([0.0, 12.04], abs=0.03)
    assert all(
        sum(each.duration for each in read_segments(replay.folder / name)) == pytest.approx(timeline.duration, abs=0.05)
        for name in ("h264-64p", "audio")
    )


def test_the_peak_is_no_lower_than_the_average_where_the_last_segment_is_short_and_large(tmp_path: Path) -> None:
    flat = rendered(Clip(".flv", length_s=1.4, has_sound=False))
    replay, _ = joined([flat, noisy(tmp_path / "noisy.mkv", 0.4)], tmp_path, EncodeVideo(segment_s=1.0))
    master = (replay.folder / "master.m3u8").read_text(encoding="utf-8")
    (stream,) = [line for line in master.splitlines() if line.startswith("#EXT-X-STREAM-INF:")]
    peak, average = (int(rate) for rate in re.findall(r"BANDWIDTH=(\d+)", stream))
    assert [round(each.duration, 1) for each in read_segments(replay.folder / "h264-96p")] == [1.4, 0.4]
    assert peak >= average


def noisy(file: Path, length_s: float) -> Path:
    import ffmpeg as graph

    noise = graph.input(f"nullsrc=s=160x96:r=10:d={length_s},geq=random(1)*255:128:128", format="lavfi")["v"]
    ffmpeg.run(graph.output(noise, str(file), vcodec="ffv1", pix_fmt="yuv420p"), ffmpeg.FfmpegJob(None, length_s))
    return file


def test_a_picture_that_ends_before_the_sound_is_held_to_the_end(tmp_path: Path) -> None:
    clip = Clip(".flv", length_s=4, width=64, height=64)
    file = remuxed(rendered(clip), tmp_path / "ending.flv", Span(2.0, 100.0), "video")
    replay, timeline = joined([file], tmp_path, EncodeVideo())
    made = replay.folder / "h264-64p"
    assert timeline.duration == pytest.approx(4.0, abs=0.1)
    assert sum(each.duration for each in read_segments(made)) == pytest.approx(timeline.duration, abs=TIME_SLACK)
    with av.open(str(made / "index.m3u8")) as video:
        ends = [(p.pts + (p.duration or 0)) * p.time_base for p in video.demux(video=0) if p.pts is not None]
    assert float(max(ends)) == pytest.approx(timeline.duration, abs=TIME_SLACK)


def with_late_picture(file: Path, late_s: float) -> Path:
    """Sound of a second more than `late_s`, and a picture for the last second of it."""
    import ffmpeg as graph

    picture = graph.input("testsrc2=s=64x64:r=25:d=1", format="lavfi")["v"].filter("setpts", f"PTS+{late_s}/TB")
    sound = graph.input(f"sine=d={late_s + 1}", format="lavfi")["a"]
    options = {"vcodec": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p", "fps_mode": "passthrough"}
    ffmpeg.run(graph.output(picture, sound, str(file), **options), ffmpeg.FfmpegJob(None, late_s + 1))
    return file


def timed(times: list[float], file: Path) -> Path:
    """Pictures shown at these times, with B-frames, a key frame every 25."""
    with av.open(str(file), "w") as made:
        track = made.add_stream("libx264", rate=25)
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        track.codec_context.time_base = Fraction(1, 90_000)
        track.options = {"preset": "ultrafast", "g": "25", "bf": "2", "sc_threshold": "0", "threads": "1"}
        for number, time in enumerate(times):
            lit = np.full((64, 64), 40 + number, dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(lit, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(time * 90_000), Fraction(1, 90_000)
            made.mux(track.encode(frame))
        made.mux(track.encode(None))
    return file
