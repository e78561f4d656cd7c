"""What is derived from probed files."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.audio import AudioTrackInfo
from domain.clock import Span
from domain.recording import ByteRange, MediaFileInfo, MediaInfo, VideoTrackInfo
from domain.session import Recording, RecordingFile

VIDEO = VideoTrackInfo("h264", 160, 90, 10.0, (0.0,))
SILENT = MediaFileInfo("flv", 10.0, (Span(0, 10),), VIDEO, None)
AUDIBLE = replace(SILENT, audio=AudioTrackInfo("aac", 44_100, 2, 0))
RECORDING = Recording(tuple(RecordingFile(Path(f"recording-{number}.flv"), f"{number}", 1) for number in range(2)))


@pytest.mark.parametrize(("files", "has_audio"), [((SILENT, AUDIBLE), True), ((SILENT, SILENT), False), ((), False)])
def test_a_recording_has_audio_if_any_of_its_files_has(files: tuple[MediaFileInfo, ...], has_audio: bool) -> None:
    assert MediaInfo(files).has_audio is has_audio


def test_a_whole_file_lies_where_it_was_recorded() -> None:
    media = MediaInfo((SILENT, replace(SILENT, source_index=1)))
    assert [media.path_of(index, RECORDING).name for index in range(2)] == ["recording-0.flv", "recording-1.flv"]


def test_a_remuxed_file_lies_where_it_was_written() -> None:
    remuxed = replace(SILENT, source_index=1, remuxed_path=Path("scratch/001-000.mkv"))
    assert MediaInfo((SILENT, remuxed)).path_of(1, RECORDING) == Path("scratch/001-000.mkv")


def test_the_recorders_clock_is_that_of_the_file_later_by_what_a_remux_took_off() -> None:
    assert replace(SILENT, start_pts=1.0, timestamp_offset=500.0).recorder_start == 501.0


@pytest.mark.parametrize(
    ("byte_range", "is_intact"),
    [
        (ByteRange("flv", 0, 100), True),
        (ByteRange("flv", 0, 100, damaged_packets=((5, 9),)), False),
        (ByteRange("mov", 0, 100, damaged_boxes=((5, 9),)), False),
    ],
)
def test_a_byte_range_is_intact_if_nothing_in_it_is_damaged(byte_range: ByteRange, is_intact: bool) -> None:
    assert byte_range.is_intact is is_intact
