"""How recordings are opened, and what is said of files that cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.clock import Span
from domain.errors import MediaError, ToolError
from domain.recording import ByteRange
from domain.session import RecordingFile
from fixtures.broken.bytes import cut_short, joined
from fixtures.broken.show import USUAL, Stretch, stretch
from fixtures.media import Clip, cut_off_mp4, rendered
from media.demuxer import (
    check_unchanged,
    container_name,
    generated_mp4_duration,
    open_byte_range,
    open_media,
)
from media.formats import containers
from media.formats.containers import find_byte_ranges

pytestmark = pytest.mark.media

SMALL = replace(USUAL, width=64, height=64, length_s=4.0)
WIDER = replace(SMALL, width=96)
CLIP = Clip(length_s=2.0, width=64, height=64)


def two_sizes(suffix: str) -> Path:
    """Four seconds, then four of wider frames."""
    files = [stretch(Stretch(Span(0, 4), start, recorder), suffix) for start, recorder in ((0.0, SMALL), (4.0, WIDER))]
    return joined(files, "two-sizes")


def frame_width_and_count(file: Path, byte_range: ByteRange) -> tuple[int, int]:
    """The width of the frames that can be read of a stretch, and how many packets there are."""
    with open_byte_range(file, byte_range) as recording:
        track = recording.streams.video[0]
        return track.width, sum(packet.size > 0 for packet in recording.demux(track))


@pytest.mark.parametrize(
    ("suffix", "name"), [(".flv", "flv"), (".mp4", "mov"), (".ts", "mpegts"), (".mkv", "matroska")]
)
def test_a_container_has_one_name_whether_found_or_asked_for(suffix: str, name: str) -> None:
    file = rendered(replace(CLIP, suffix=suffix))
    with open_media(file) as found, open_media(file, name) as asked_for:
        assert container_name(found) == container_name(asked_for) == name


@pytest.mark.parametrize("suffix", [".flv", ".mp4", ".ts", ".mkv"])
def test_a_healthy_file_is_one_intact_stretch(suffix: str) -> None:
    file = rendered(replace(CLIP, suffix=suffix))
    with open_media(file) as recording:
        name = container_name(recording)
    (byte_range,) = find_byte_ranges(file, name)
    assert byte_range == ByteRange(name, 0, file.stat().st_size)
    assert byte_range.is_intact


@pytest.mark.parametrize(("suffix", "container"), [(".flv", "flv"), (".ts", "mpegts")])
def test_each_stretch_of_a_coding_is_read_by_itself(suffix: str, container: str) -> None:
    file = two_sizes(suffix)
    first, second = find_byte_ranges(file, container)
    assert (first.end, second.end) == (second.start, file.stat().st_size)
    widths, counts = zip(*(frame_width_and_count(file, byte_range) for byte_range in (first, second)), strict=True)
    assert (widths, sum(counts)) == ((64, 96), 80)


def test_more_changes_than_a_show_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_CODEC_CHANGES", 0)
    with pytest.raises(MediaError, match="changes 1 times how it is coded"):
        find_byte_ranges(two_sizes(".flv"), "flv")


@pytest.mark.parametrize(("content", "what"), [(b"", "is empty"), (b"text" * 100, "is not a media file")])
def test_what_is_no_recording_is_refused(content: bytes, what: str, tmp_path: Path) -> None:
    file = tmp_path / "recording.mp4"
    file.write_bytes(content)
    with pytest.raises(MediaError, match=what), open_media(file):
        pass


def test_an_mp4_without_its_index_is_told_from_one_whose_index_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="without its index"), open_media(cut_off_mp4()):
        pass
    content = bytearray(rendered(CLIP).read_bytes())
    sample_table = content.index(b"stsd") + 4
    content[sample_table : sample_table + 12] = bytes(12)
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(content)
    with pytest.raises(MediaError, match=r"index .* is damaged"), open_media(damaged):
        pass


@pytest.mark.parametrize(("change_bytes", "what"), [(3, "3 bytes longer"), (-3, "3 bytes shorter")])
def test_a_file_whose_length_changed_is_refused(change_bytes: int, what: str) -> None:
    file = rendered(CLIP)
    with pytest.raises(MediaError, match=what):
        check_unchanged(RecordingFile(file, "digest", file.stat().st_size - change_bytes))


def test_a_generated_mp4_says_how_long_it_lasts() -> None:
    file = rendered(replace(CLIP, has_sound=False))
    assert generated_mp4_duration(file) == pytest.approx(2.0, abs=0.001)


def test_a_generated_mp4_that_is_not_whole_is_no_fault_of_the_recording() -> None:
    with pytest.raises(ToolError, match="was not written whole"):
        generated_mp4_duration(cut_short(rendered(CLIP), 0.5))
