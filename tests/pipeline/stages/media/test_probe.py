"""What Probe finds in a file, and what it refuses."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from domain.clock import Span
from domain.errors import MediaError
from domain.progress import no_progress
from domain.session import Recording, RecordingFile
from fixtures.broken.show import USUAL, Stretch, stretch
from fixtures.media import Clip, cut_off_mp4, info_of, on_its_side, recording, rendered, restarting, with_hole
from pipeline.stages.media.probe import Probe

pytestmark = pytest.mark.media

FRAME_S = 0.1
MP4_INDEX = "moov"
SMALL = replace(USUAL, width=64, height=64, length_s=4.0)
VIDEO_ABSENT = Stretch(Span(0, 4), 0.0, SMALL, without_picture=Span(1.95, 2.95))


@pytest.mark.parametrize(
    ("clip", "container"),
    [
        (Clip(".flv"), "flv"),
        (Clip(".mp4"), "mov"),
        (Clip(".mp4", is_fragmented=True), "mov"),
        (Clip(".ts"), "mpegts"),
        (Clip(".mkv"), "matroska"),
    ],
)
def test_every_container_has_its_tracks_and_key_frames(clip: Clip, container: str) -> None:
    info = info_of(rendered(clip))
    assert (info.container, info.video.codec, info.video.width, info.video.height) == (container, "h264", 160, 96)
    assert info.audio is not None
    assert (info.audio.codec.startswith(("aac", "mp3", "vorbis", "opus", "mp2", "ac3")), info.audio.sample_rate) == (
        True,
        44100,
    )
    assert info.duration == pytest.approx(6.0, abs=FRAME_S)
    steps = [b - a for a, b in zip(info.video.keyframe_times, info.video.keyframe_times[1:], strict=False)]
    assert len(info.video.keyframe_times) == 6
    assert steps == pytest.approx([1.0] * 5, abs=0.002)
    assert len(info.gapless_spans) == 1


@pytest.mark.parametrize("suffix", [".flv", ".mp4", ".ts", ".mkv"])
def test_every_container_gives_the_same_h264_header(suffix: str) -> None:
    coding = info_of(rendered(Clip(suffix))).video.h264_config
    assert coding == info_of(rendered(Clip(".mp4"))).video.h264_config
    assert coding is not None
    assert [header[:2] for header in coding.parameter_sets] == ["67", "68"]
    assert coding.has_closed_gops


@pytest.mark.parametrize("suffix", [".mp4", ".ts"])
def test_open_gops_are_reported(suffix: str) -> None:
    coding = info_of(rendered(Clip(suffix, length_s=3, has_open_groups=True))).video.h264_config
    assert coding is not None
    assert not coding.has_closed_gops


def test_a_gap_in_the_video_ends_a_run_of_its_own() -> None:
    whole, holed = (
        info_of(file).video.gapless_spans for file in (rendered(Clip(".flv")), with_hole(Clip(".flv"), Span(1, 3.5)))
    )
    (everything,) = whole
    assert [everything.start, everything.end] == pytest.approx([0.025, 6.025])
    assert [(run.start, run.end) for run in holed] == [(0.025, pytest.approx(1.0, abs=0.03)), (3.525, 6.025)]


def test_file_time_counts_from_the_first_presented_instant() -> None:
    info = info_of(rendered(Clip(".ts", first_instant_s=5.3)))
    assert info.start_pts > 5
    assert info.gapless_spans[0].start == 0
    assert info.video.keyframe_times[0] == pytest.approx(0, abs=0.03)


def test_a_gap_ends_a_run() -> None:
    info = info_of(with_hole(Clip(".flv", length_s=8), Span(2, 5)))
    assert len(info.gapless_spans) == 2
    assert info.gapless_spans[0].end == pytest.approx(2, abs=FRAME_S)
    assert info.gapless_spans[1].start == pytest.approx(5, abs=FRAME_S)
    assert info.duration == pytest.approx(8, abs=FRAME_S)


def test_a_gap_in_matroska_leaves_its_clock_alone() -> None:
    """Its pictures have no decoding times, and ffmpeg gives those after a gap times from before it."""
    info = info_of(with_hole(Clip(".mkv", length_s=8, width=64, height=64), Span(2, 5)))
    assert [(run.start, run.end) for run in info.gapless_spans] == [(0, pytest.approx(2, abs=FRAME_S)), (5, 8)]


def test_a_slow_recording_misses_no_frame() -> None:
    assert info_of(rendered(Clip(".flv", length_s=8, rate=2, width=64, height=64))).faults == ()


def test_video_that_is_missing_for_a_second_is_reported() -> None:
    (fault,) = info_of(stretch(VIDEO_ABSENT, ".flv")).faults
    assert (fault.kind, fault.count) == ("held", 1)
    assert fault.duration == pytest.approx(1, abs=2 * FRAME_S)


def test_a_short_hole_does_not_end_a_run() -> None:
    assert len(info_of(with_hole(Clip(".flv", length_s=8), Span(2, 3.5))).gapless_spans) == 1


def test_a_file_without_sound_has_no_sound_track() -> None:
    assert info_of(rendered(Clip(has_sound=False))).audio is None


def test_a_file_that_is_shown_turned_has_its_upright_size() -> None:
    video = info_of(on_its_side(Clip(), 90)).video
    assert (video.width, video.height) == (96, 160)


def test_pixels_that_are_not_square_are_counted_as_shown() -> None:
    video = info_of(rendered(Clip(pixel_aspect="3/2"))).video
    assert (video.width, video.height) == (240, 96)


def test_paths_in_chinese_with_spaces_and_quotes_are_read(tmp_path: Path) -> None:
    file = tmp_path / '双十一 李姐\'s "直播" 100%.flv'
    shutil.copy(rendered(Clip(".flv")), file)
    assert info_of(file).container == "flv"


def test_progress_rises_to_no_more_than_one() -> None:
    shares: list[float] = []

    def progress(done: float) -> None:
        shares.append(done)

    Probe()(recording(rendered(Clip(".flv")), rendered(Clip(".ts"))), progress)
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


def refusal(file: Path) -> str:
    with pytest.raises(MediaError) as caught:
        info_of(file)
    assert str(file) in str(caught.value)
    return str(caught.value)


def test_a_text_named_mp4_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recording.mp4"
    file.write_text("这不是视频" * 200, encoding="utf-8")
    assert "not a media file" in refusal(file)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recording.flv"
    file.touch()
    assert "0 bytes" in refusal(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recording.flv"
    with pytest.raises(MediaError, match="cannot be read"):
        Probe()(Recording((RecordingFile(file, "digest", 1),)), no_progress)


def test_an_mp4_without_its_index_is_refused() -> None:
    assert MP4_INDEX in refusal(cut_off_mp4())


def test_audio_without_video_is_refused(tmp_path: Path) -> None:
    import av

    file = tmp_path / "sound.mp4"
    with av.open(str(rendered(Clip()))) as source, av.open(str(file), "w") as copy:
        track = copy.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = track
                copy.mux(packet)
    assert "no video track" in refusal(file)


def test_times_that_jump_back_split_the_file_into_sections() -> None:
    (probed,) = Probe()(recording(restarting(Clip(".flv"))), no_progress).files
    assert probed.info is None
    assert [section.chain_indices for section in probed.sections] == [(0,), (1,)]


PLAYLISTS = {
    "m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{file}\n#EXT-X-ENDLIST\n",
    "concat script": "ffconcat version 1.0\nfile '{file}'\n",
}


@pytest.mark.parametrize("script", PLAYLISTS.values(), ids=PLAYLISTS.keys())
def test_a_playlist_named_mp4_opens_no_other_file(tmp_path: Path, script: str) -> None:
    bait = tmp_path / "bait.ts"
    shutil.copy(rendered(Clip(".ts")), bait)
    file = tmp_path / "recording.mp4"
    file.write_text(script.format(file=bait), encoding="utf-8")
    assert "not a media file" in refusal(file)


@pytest.mark.parametrize(
    ("probe", "refusal"),
    [
        (Probe(max_side_px=100), r"has pictures of 160x96, with a side above 100; .* raise max_side_px"),
        (Probe(min_side_px=97), r"has pictures of 160x96, with a side below 97; give the recording of the show"),
        (Probe(max_frame_rate=0.0), r"has \d+ pictures in \d+ s, more than 0 a second"),
        (Probe(max_recording_s=9.0), r"makes the recording 0\.0 hours long, above 0\.0025"),
        (Probe(max_files=1), r"is one of 2 files; join them to at most 1"),
    ],
)
def test_what_goes_beyond_the_settings_is_refused(probe: Probe, refusal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.stages.media.probe.MAX_BURST_PACKETS", 0)
    with pytest.raises(MediaError, match=refusal):
        probe(recording(rendered(Clip(".flv")), rendered(Clip(".ts"))), no_progress)


def test_a_file_that_has_grown_since_its_digest_was_made_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "recording.flv"
    shutil.copy(rendered(Clip(".flv")), file)
    show = recording(file)
    with file.open("ab") as stream:
        stream.write(b"more")
    with pytest.raises(MediaError, match=r"has become 4 bytes longer .*; wait until it is whole"):
        Probe()(show, no_progress)
