"""Read every packet of every file once: what is in it, where key frames are, where its times or its coding break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from domain.errors import MediaError
from domain.progress import Progress, no_progress
from domain.recording import ByteRange, CleanSection, FileFault, ProbedFile, ProbeResult, TimestampRules
from domain.session import Recording, RecordingFile
from media.demuxer import check_unchanged, container_name, open_byte_range, open_media
from media.formats.containers import find_byte_ranges
from media.limits import MAX_BURST_PACKETS
from media.scan.clock_resets import UnifiedClock, unify_clock
from media.scan.file_info import build_file_info
from media.scan.scanner import FileScan, scan_file
from media.scan.timestamp_chains import ChainExtent, chain_sections
from pipeline.engine.stage import Needs

if TYPE_CHECKING:
    from av.container import InputContainer

REMUX_LEAD_S = 1.0  # a remuxed file begins that long after 0, so that no decoding time is below 0
UNREADABLE_BYTES = "bytes that cannot be read are passed over, with the sound and the picture in them"
BAD_CODEC_CONFIG = (
    "packets that say wrongly how the rest is coded are left out: the picture or the sound may be disturbed there"
)
OUTLIERS = "packets with impossible times are left out"
SETTINGS_HINT = " under [probe] in kandian.toml"


@dataclass(frozen=True)
class Probe:
    """Read all packets: tracks, key frames, gaps, where times or coding break, whether H.264 could be passed through.

    One frame a file is decoded, for its size. MediaError for what is no recording, or more than a recording may be.
    """

    version: ClassVar[int] = 9
    needs: ClassVar[Needs] = Needs(is_sandboxed=True)
    tools: ClassVar[tuple[str, ...]] = ("av",)

    max_gap_s: float = 2.0
    max_jump_back_s: float = 0.3
    max_outage_s: float = 3600.0
    max_side_px: int = 4096
    min_side_px: int = 16
    max_frame_rate: float = 240.0
    max_recording_s: float = 172_800.0
    max_files: int = 5000

    def __call__(self, recording: Recording, progress: Progress) -> ProbeResult:
        if len(recording.files) > self.max_files:
            where, what = recording.files[0].path, f"is one of {len(recording.files)} files"
            raise MediaError(where, what, f"join them to at most {self.max_files}, or raise max_files{SETTINGS_HINT}")
        probed_files = []
        recorded_s = 0.0
        for number, (file, file_progress) in enumerate(_with_progress(recording.files, progress)):
            check_unchanged(file)
            scanned = self._probe(file.path, file_progress)
            check_unchanged(file)
            info = scanned.probed.info and replace(scanned.probed.info, source_index=number)
            probed_files.append(replace(scanned.probed, info=info))
            recorded_s += scanned.duration_s
            self._check_duration(file.path, recorded_s)
        return ProbeResult(tuple(probed_files), self.rules)

    @property
    def rules(self) -> TimestampRules:
        """How times are read, here and by all later stages."""
        return TimestampRules(self.max_gap_s, self.max_jump_back_s, self.max_outage_s)

    def _probe(self, file: Path, progress: Progress) -> _ScannedFile:
        with open_media(file) as recording:
            byte_ranges = find_byte_ranges(file, container_name(recording))
            if len(byte_ranges) == 1 and byte_ranges[0].is_intact:
                return self._probe_whole(recording, file, byte_ranges[0], progress)
        return self._probe_ranges(file, byte_ranges)

    def _probe_whole(
        self, recording: InputContainer, file: Path, byte_range: ByteRange, progress: Progress
    ) -> _ScannedFile:
        scan = scan_file(recording, file, self.rules, progress)
        self._check_frames(scan, file)
        sections, outliers = self._split(scan, byte_range)
        if len(sections) == 1 and not outliers and not sections[0].timestamp_jumps:
            info = build_file_info(recording, scan, sections[0].chain_indices, file)
            return _ScannedFile(ProbedFile(info), scan.video_duration_s)
        return _ScannedFile(ProbedFile(None, sections, _outlier_faults(outliers)), scan.video_duration_s)

    def _probe_ranges(self, file: Path, byte_ranges: Sequence[ByteRange]) -> _ScannedFile:
        sections: list[CleanSection] = []
        faults = _damage_faults(UNREADABLE_BYTES, sum(len(each.damaged_boxes) for each in byte_ranges))
        duration_s = 0.0
        for byte_range in byte_ranges:
            with open_byte_range(file, byte_range) as recording:
                scan = scan_file(recording, file, self.rules, no_progress)
            self._check_frames(scan, file)
            range_sections, outliers = self._split(scan, byte_range)
            sections += range_sections
            faults += _outlier_faults(outliers) + _damage_faults(BAD_CODEC_CONFIG, len(byte_range.damaged_packets))
            duration_s += scan.video_duration_s
        return _ScannedFile(ProbedFile(None, tuple(sections), faults), duration_s)

    def _check_frames(self, scan: FileScan, file: Path) -> None:
        """MediaError where its frames are too large, too small or too many."""
        self._check_duration(file, scan.video_duration_s)
        size = scan.frame_format.size if scan.frame_format else None
        if size is not None and max(size.width, size.height) > self.max_side_px:
            what = f"has pictures of {size.width}x{size.height}, with a side above {self.max_side_px}"
            raise MediaError(file, what, f"scale it down, or raise max_side_px{SETTINGS_HINT}")
        if size is not None and min(size.width, size.height) < self.min_side_px:
            what = f"has pictures of {size.width}x{size.height}, with a side below {self.min_side_px}"
            raise MediaError(file, what, "give the recording of the show itself; nothing can be seen in this one")
        if scan.frame_count > max(MAX_BURST_PACKETS, self.max_frame_rate * (scan.video_duration_s + 1)):
            count, duration = scan.frame_count, f"{scan.video_duration_s:.0f} s"
            what = f"has {count} pictures in {duration}, more than {self.max_frame_rate:g} a second"
            raise MediaError(file, what, f"lower its frame rate, or raise max_frame_rate{SETTINGS_HINT}")

    def _check_duration(self, file: Path, duration_s: float) -> None:
        if duration_s > self.max_recording_s:
            what = f"makes the recording {duration_s / 3600:.1f} hours long, above {self.max_recording_s / 3600:g}"
            raise MediaError(file, what, f"split it into shows, or raise max_recording_s{SETTINGS_HINT}")

    def _split(self, scan: FileScan, byte_range: ByteRange) -> tuple[tuple[CleanSection, ...], list[ChainExtent]]:
        """The clean sections of what was scanned, and the chains that belong to none."""
        extents = [chain.chain_extent(index) for index, chain in enumerate(scan.chains)]
        section_chains, outliers = chain_sections(extents, self.rules)
        clocks = (unify_clock(chains, byte_range.container, self.rules) for chains in section_chains)
        pairs = zip(section_chains, clocks, strict=True)
        return tuple(_clean_section(byte_range, chains, clock) for chains, clock in pairs), outliers


@dataclass(frozen=True, slots=True)
class _ScannedFile:
    """A probed file, and for how long it shows frames."""

    probed: ProbedFile
    duration_s: float


@dataclass(frozen=True)
class _FileProgress:
    """The progress of one file, as a share of all bytes."""

    done_share: float
    file_share: float
    progress: Progress

    def __call__(self, done: float) -> None:
        self.progress(self.done_share + self.file_share * done)


def _with_progress(files: Sequence[RecordingFile], progress: Progress) -> Sequence[tuple[RecordingFile, Progress]]:
    total_bytes = max(1, sum(file.size_bytes for file in files))
    starts = accumulate((file.size_bytes for file in files), initial=0)
    return [
        (file, _FileProgress(start / total_bytes, file.size_bytes / total_bytes, progress))
        for file, start in zip(files, starts, strict=False)
    ]


def _clean_section(byte_range: ByteRange, chains: Sequence[ChainExtent], clock: UnifiedClock) -> CleanSection:
    indices = tuple(chain.number for chain in chains)
    return CleanSection(byte_range, indices, chains[0].start - REMUX_LEAD_S, clock.chain_delays_s, clock.resets)


def _damage_faults(what: str, count: int) -> tuple[FileFault, ...]:
    return (FileFault("damaged", 0.0, 0.0, what, count),) if count else ()


def _outlier_faults(outliers: Sequence[ChainExtent]) -> tuple[FileFault, ...]:
    packet_count = sum(chain.packet_count for chain in outliers)
    return (FileFault("strayed", 0.0, 0.0, OUTLIERS, packet_count),) if outliers else ()
