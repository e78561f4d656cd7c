"""Playlists as text, by hand-made segments."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import Seconds
from domain.replay import Rendition
from media.package.playlists import (
    HlsSegment,
    KeyFrameRange,
    PackagedAudio,
    PackagedVideo,
    ReplayDates,
    average_bps,
    key_frame_playlist,
    master_playlist,
    media_playlist,
    peak_bps,
    target_duration,
)

START = datetime(2026, 11, 11, 20, tzinfo=UTC)
CUT_S = 8.0
UNDATED = ReplayDates(lambda _: None)


def date_with_a_cut(time: Seconds) -> datetime:
    """A minute of the recording is left out at `CUT_S`."""
    return START + timedelta(seconds=time + (60 if time >= CUT_S else 0))


DATED = ReplayDates(date_with_a_cut)
SEGMENTS = (HlsSegment(4.0, 1000), HlsSegment(4.0, 3000), HlsSegment(2.5, 500))
KEY_FRAMES = (KeyFrameRange("00000.m4s", 0, 300, 4.0), KeyFrameRange("00001.m4s", 40, 200, 4.0))
H264 = PackagedVideo(Rendition("h264", 720, 1280, "veryfast", "", 24), SEGMENTS, KEY_FRAMES, 25.0, "avc1.640028", "SDR")


def lines(text: str, tag: str) -> list[str]:
    return [line.removeprefix(tag) for line in text.splitlines() if line.startswith(tag)]


def test_a_media_playlist_names_each_segment_with_its_duration() -> None:
    text = media_playlist(SEGMENTS, 4, UNDATED)
    assert lines(text, "#EXTINF:") == ["4.000000,", "4.000000,", "2.500000,"]
    assert [line for line in text.splitlines() if not line.startswith("#")] == ["00000.m4s", "00001.m4s", "00002.m4s"]
    assert text.endswith("#EXT-X-ENDLIST\n")


def test_every_segment_has_its_own_date() -> None:
    dates = lines(media_playlist(SEGMENTS, 4, DATED), "#EXT-X-PROGRAM-DATE-TIME:")
    assert [date[11:19] for date in dates] == ["20:00:00", "20:00:04", "20:01:08"]


def test_without_a_start_there_are_no_dates() -> None:
    assert lines(media_playlist(SEGMENTS, 4, UNDATED), "#EXT-X-PROGRAM-DATE-TIME:") == []
    assert not UNDATED.has_jump(0.0, 60.0)


def test_the_date_jumps_only_over_a_cut() -> None:
    assert not DATED.has_jump(0.0, 7.9)
    assert DATED.has_jump(7.9, 8.0)
    assert not DATED.has_jump(8.0, 30.0)


def test_a_key_frame_playlist_gives_bytes_and_dates_at_the_start_and_at_jumps() -> None:
    frames = (*KEY_FRAMES, KeyFrameRange("00002.m4s", 8, 100, 2.5))
    text = key_frame_playlist(frames, DATED)
    assert lines(text, "#EXT-X-BYTERANGE:") == ["300@0", "200@40", "100@8"]
    assert [date[11:19] for date in lines(text, "#EXT-X-PROGRAM-DATE-TIME:")] == ["20:00:00", "20:01:08"]


def test_the_master_playlist_adds_the_audio_to_every_rendition() -> None:
    text = master_playlist([H264], PackagedAudio((HlsSegment(10.5, 1050),), channels=2), target=4)
    (stream,) = lines(text, "#EXT-X-STREAM-INF:")
    assert f"AVERAGE-BANDWIDTH={average_bps(SEGMENTS) + 800}," in stream
    assert 'CODECS="avc1.640028,mp4a.40.2",RESOLUTION=720x1280,FRAME-RATE=25.000,VIDEO-RANGE=SDR' in stream
    assert 'CHANNELS="2",URI="audio/index.m3u8"' in text


def test_the_master_playlist_of_a_silent_show_names_no_audio() -> None:
    text = master_playlist([H264], PackagedAudio(), target=4)
    assert "AUDIO" not in text
    assert 'CODECS="avc1.640028",' in text


def test_the_master_playlist_names_the_key_frames_of_each_rendition() -> None:
    (stream,) = lines(master_playlist([H264], PackagedAudio(), target=4), "#EXT-X-I-FRAME-STREAM-INF:")
    assert stream.startswith("BANDWIDTH=600,AVERAGE-BANDWIDTH=500,")
    assert stream.endswith('URI="h264-720p/iframes.m3u8"')


@pytest.mark.parametrize(("durations", "target"), [((4.0, 4.49), 4), ((4.0, 4.5), 5), ((0.2,), 1)])
def test_no_rounded_duration_exceeds_the_target(durations: tuple[float, ...], target: int) -> None:
    assert target_duration([HlsSegment(duration, 1) for duration in durations]) == target


def test_the_peak_is_that_of_neighbours_as_long_as_half_to_one_and_a_half_targets() -> None:
    segments = [HlsSegment(4.0, 1000), HlsSegment(2.0, 4000), HlsSegment(0.5, 4000), HlsSegment(4.0, 1000)]
    assert peak_bps(segments, target=4) == 8000 * 8 / 2.5


def test_segments_that_last_longer_than_one_and_a_half_targets_are_no_peak() -> None:
    segments = [HlsSegment(7.0, 9000), HlsSegment(4.0, 1000)]
    assert peak_bps(segments, target=4) == average_bps(segments)


def test_the_peak_is_at_least_the_average() -> None:
    assert peak_bps([HlsSegment(1.0, 1000)], target=4) == average_bps([HlsSegment(1.0, 1000)]) == 8000
