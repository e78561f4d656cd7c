"""One reading of all packets of a small file."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.clock import Span
from domain.errors import MediaError
from domain.progress import no_progress
from domain.recording import MediaFileInfo
from fixtures.media import PROBED, Clip, rendered, restarting, with_hole
from media.demuxer import open_media
from media.scan import scanner
from media.scan.file_info import build_file_info
from media.scan.scanner import FileScan, packets_with_chains, scan_file, select_tracks

pytestmark = pytest.mark.media

CLIP = Clip(".flv", length_s=4.0)
GAPPED = Clip(".ts", length_s=9.0)
FRAMES = 40


def scanned(file: Path) -> FileScan:
    with open_media(file) as recording:
        return scan_file(recording, file, PROBED.rules, no_progress)


def described_twice(file: Path) -> tuple[MediaFileInfo, MediaFileInfo]:
    with open_media(file) as recording:
        scan = scan_file(recording, file, PROBED.rules, no_progress)
        once, again = (build_file_info(recording, scan, range(len(scan.chains)), file) for _ in range(2))
    return once, again


def test_a_healthy_file_is_one_chain_with_every_frame() -> None:
    scan = scanned(rendered(CLIP))
    (chain,) = scan.chains
    assert scan.frame_count == chain.video.packet_count == FRAMES
    assert scan.video_duration_s == pytest.approx(4.0, abs=0.05)
    assert len(chain.video.key_frames) == 4
    assert scan.frame_format is not None
    assert (scan.frame_format.size.width, scan.frame_format.size.height) == (CLIP.width, CLIP.height)


def test_the_tracks_of_a_chain_are_told_apart() -> None:
    (chain,) = scanned(rendered(replace(CLIP, sound_delay_s=1.0))).chains
    assert chain.audio.runs[0][0] - chain.video.runs[0][0] == pytest.approx(1.0, abs=0.25)


def test_a_clock_that_restarts_begins_a_chain() -> None:
    first, second = scanned(restarting(CLIP)).chains
    assert first.video.packet_count == second.video.packet_count == FRAMES
    assert first.last_packet < second.first_packet


def test_the_same_packets_get_the_same_chains_again() -> None:
    """Remux picks packets by the numbers that Probe gave their chains."""
    file = restarting(CLIP)

    def chain_indices() -> list[int]:
        with open_media(file) as recording:
            packets = packets_with_chains(recording, select_tracks(recording, file), PROBED.rules, file)
            return [chain_index for chain_index, _, _ in packets]

    assert chain_indices() == chain_indices()
    assert set(chain_indices()) == {0, 1}


def test_a_file_of_two_chains_is_described_the_same_twice() -> None:
    once, again = described_twice(with_hole(GAPPED, Span(3, 7)))
    assert len(once.gapless_spans) == 2
    assert again == once


def test_progress_rises_with_the_bytes_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "PROGRESS_INTERVAL_PACKETS", 10)
    file, shares = rendered(CLIP), list[float]()

    def progress(done: float) -> None:
        shares.append(done)

    with open_media(file) as recording:
        scan_file(recording, file, PROBED.rules, progress)
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5 < shares[-1] <= 1


def test_a_file_that_grows_while_it_is_read_is_refused() -> None:
    file = rendered(CLIP)
    with pytest.raises(MediaError, match="grows while it is read"):
        scanned(file).check_limits(file, size_bytes=1000, read_bytes=1001)


@pytest.mark.parametrize(
    ("constant", "limit", "message"),
    [("MAX_KEY_FRAMES", 3, "more than 3 key frames"), ("MAX_CONTINUOUS_RUNS", 0, "more than 0 gaps")],
)
def test_more_than_a_recording_may_hold_is_refused(
    constant: str, limit: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, constant, limit)
    with pytest.raises(MediaError, match=message):
        scanned(rendered(CLIP))


def test_a_clock_that_jumps_too_often_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_CHAINS", 1)
    with pytest.raises(MediaError, match="jump more than 1 times"):
        scanned(restarting(CLIP))
