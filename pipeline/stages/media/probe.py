"""Read every packet of every file once: what is in it, where key frames are, where its times or its coding break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.errors import MediaError
from domain.progress import Progress, no_progress
from domain.recording import ByteRange, CleanSection, FileFault, MediaFileInfo, ProbedFile, ProbeResult, TimestampRules
from domain.session import Recording
from media.demuxer import (
    check_unchanged,
    container_name,
    find_damaged_ranges,
    open_byte_range,
    open_media,
    split_at_codec_changes,
)
from media.limits import MAX_BURST_PACKETS
from media.scan.clock_resets import UnifiedClock, unify_clock
from media.scan.file_info import build_file_info
from media.scan.scanner import FileScan, scan_file
from media.scan.timestamp_chains import ChainExtent, chain_sections
from pipeline.engine.stage import Needs

REMUX_LEAD_S = 1.0  # a copy begins that much after 0, so that decoding times before the first picture are none below
UNREADABLE_BYTES = "bytes that cannot be read are passed over, with the sound and the picture in them"
BAD_CODEC_CONFIG = (
    "packets that say wrongly how the rest is coded are left out: the picture or the sound may be disturbed there"
)
SETTINGS_HINT = " under [probe] in kandian.toml"


@dataclass(frozen=True)
class Probe:
    """Scan the packets of all files: tracks, key frames and runs. One picture a file is decoded, for its size."""

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
        surveys = []
        recorded_s = 0.0
        total_bytes = sum(file.size_bytes for file in recording.files)
        read_bytes = 0
        for number, file in enumerate(recording.files):
            file_progress = _FileProgress(
                read_bytes / max(1, total_bytes), file.size_bytes / max(1, total_bytes), progress
            )
            check_unchanged(file)
            result = self._survey_with_duration(file.path, file_progress)
            check_unchanged(file)
            info = result.survey.info and replace(result.survey.info, source_index=number)
            surveys.append(replace(result.survey, info=info))
            recorded_s += result.duration_s
            self._check_duration(file.path, recorded_s)
            read_bytes += file.size_bytes
        return ProbeResult(tuple(surveys), self.rules)

    def probe_file(self, file: Path) -> MediaFileInfo:
        """What is in one file that nothing is wrong with. MediaError when it is no recording, or must be mended."""
        info = self.survey_file(file).info
        if info is None:
            raise MediaError(file, "breaks in the middle", "give it as a recording, so that it is mended")
        return info

    def survey_file(self, file: Path, progress: Progress = no_progress) -> ProbedFile:
        """What is in one file. MediaError when it is no recording, or more than a recording may be."""
        return self._survey_with_duration(file, progress).survey

    def _survey_with_duration(self, file: Path, progress: Progress) -> _SurveyWithDuration:
        with open_media(file) as recording:
            container = container_name(recording)
            byte_ranges = split_at_codec_changes(file, container)
            unreadable = find_damaged_ranges(file, container)
            if len(byte_ranges) == 1 and not unreadable and not byte_ranges[0].damaged_ranges:
                scan = scan_file(recording, file, self.rules, progress)
                self._check_frames(scan, file)
                chains, outliers = self._chains(scan)
                if len(chains) == 1 and not outliers and not self._clock_of(chains[0], container).resets:
                    numbers = [extent.number for extent in chains[0]]
                    return _SurveyWithDuration(
                        ProbedFile(build_file_info(recording, scan, numbers, file)), scan.video_duration_s
                    )
                survey = ProbedFile(
                    None, self._clean_sections(chains, byte_ranges[0], container), _outlier_faults(outliers)
                )
                return _SurveyWithDuration(survey, scan.video_duration_s)
        result = self._survey_ranges(file, container, byte_ranges)
        damage = (FileFault("damaged", 0.0, 0.0, UNREADABLE_BYTES, len(unreadable)),) if unreadable else ()
        return replace(result, survey=replace(result.survey, faults=(*damage, *result.survey.faults)))

    @property
    def rules(self) -> TimestampRules:
        return TimestampRules(self.max_gap_s, self.max_jump_back_s, self.max_outage_s)

    def _survey_ranges(self, file: Path, container: str, byte_ranges: Sequence[ByteRange]) -> _SurveyWithDuration:
        clean_sections: list[CleanSection] = []
        faults: list[FileFault] = []
        duration_s = 0.0
        for byte_range in byte_ranges:
            with open_byte_range(file, container, byte_range) as recording:
                scan = scan_file(recording, file, self.rules, no_progress)
            self._check_frames(scan, file)
            chains, outliers = self._chains(scan)
            clean_sections += self._clean_sections(chains, byte_range, container)
            faults += (*_outlier_faults(outliers), *_codec_config_faults(byte_range))
            duration_s += scan.video_duration_s
        return _SurveyWithDuration(ProbedFile(None, tuple(clean_sections), tuple(faults)), duration_s)

    def _check_frames(self, scan: FileScan, file: Path) -> None:
        """MediaError where its pictures are too large or too many."""
        self._check_duration(file, scan.video_duration_s)
        size = scan.frame_format.size if scan.frame_format else None
        if size is not None and max(size.width, size.height) > self.max_side_px:
            what = f"has pictures of {size.width}x{size.height}, with a side above {self.max_side_px}"
            raise MediaError(file, what, f"scale it down, or raise max_side_px{SETTINGS_HINT}")
        if size is not None and min(size.width, size.height) < self.min_side_px:
            what = f"has pictures of {size.width}x{size.height}, with a side below {self.min_side_px}"
            raise MediaError(file, what, "give the recording of the show itself; nothing can be seen in this one")
        if scan.frame_count > max(MAX_BURST_PACKETS, self.max_frame_rate * (scan.video_duration_s + 1)):
            what = (
                f"has {scan.frame_count} pictures in {scan.video_duration_s:.0f} "
                f"s, more than {self.max_frame_rate:g} a second"
            )
            raise MediaError(file, what, f"lower its frame rate, or raise max_frame_rate{SETTINGS_HINT}")

    def _check_duration(self, file: Path, duration_s: float) -> None:
        if duration_s > self.max_recording_s:
            what = f"makes the recording {duration_s / 3600:.1f} hours long, above {self.max_recording_s / 3600:g}"
            raise MediaError(file, what, f"split it into shows, or raise max_recording_s{SETTINGS_HINT}")

    def _chains(self, scan: FileScan) -> tuple[list[list[ChainExtent]], list[ChainExtent]]:
        extents = [strand.chain_extent(number) for number, strand in enumerate(scan.chains)]
        return chain_sections(extents, self.rules)

    def _clock_of(self, chain: Sequence[ChainExtent], container: str) -> UnifiedClock:
        return unify_clock(chain, container, self.rules)

    def _clean_sections(
        self, chains: Sequence[Sequence[ChainExtent]], byte_range: ByteRange, container: str
    ) -> tuple[CleanSection, ...]:
        clean_sections = []
        for chain in chains:
            numbers, clock = tuple(extent.number for extent in chain), self._clock_of(chain, container)
            clean_sections.append(
                CleanSection(byte_range, numbers, chain[0].start - REMUX_LEAD_S, clock.chain_delays_s, clock.resets)
            )
        return tuple(clean_sections)


@dataclass(frozen=True, slots=True)
class _SurveyWithDuration:
    """A survey, and for how long the file shows pictures."""

    survey: ProbedFile
    duration_s: float


@dataclass(frozen=True)
class _FileProgress:
    """The progress of one file, as a share of all."""

    done_share: float
    file_share: float
    progress: Progress

    def __call__(self, done: float) -> None:
        self.progress(self.done_share + self.file_share * done)


def _codec_config_faults(byte_range: ByteRange) -> tuple[FileFault, ...]:
    return (
        (FileFault("damaged", 0.0, 0.0, BAD_CODEC_CONFIG, len(byte_range.damaged_ranges)),)
        if byte_range.damaged_ranges
        else ()
    )


def _outlier_faults(outliers: Sequence[ChainExtent]) -> tuple[FileFault, ...]:
    if not outliers:
        return ()
    count = sum(extent.packet_count for extent in outliers)
    return (FileFault("strayed", 0.0, 0.0, "packets with impossible times are left out", count),)
