"""Read every packet of every file once: what is in it, where key frames are, where its times or its coding break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.errors import MediaError
from domain.recording import ByteRange, Fault, FileInfo, FileSurvey, Section, Survey
from domain.session import Recording
from media.demuxer import check_still, coded_alike, container_name, opened, opened_within, torn
from media.limits import FEW_PACKETS
from media.scan.clock_resets import OneClock, one_clock
from media.scan.scanner import Scan, file_info, scanned
from media.scan.timestamp_chains import Chaining, Extent, Limits, sections
from pipeline.engine.stage import Needs, Progress, no_progress

COPY_LEAD_S = 1.0  # a copy begins that much after 0, so that decoding times before the first picture are none below
TORN = "bytes that cannot be read are passed over, with the sound and the picture in them"
SPOILT = "packets that say wrongly how the rest is coded are left out: the picture or the sound may be disturbed there"
SETTING = " under [probe] in kandian.toml"


@dataclass(frozen=True)
class Probe:
    """Scan the packets of all files: tracks, key frames and runs. One picture a file is decoded, for its size."""

    version: ClassVar[int] = 8
    needs: ClassVar[Needs] = Needs(is_apart=True)
    tools: ClassVar[tuple[str, ...]] = ("av",)

    longest_gap_s: float = 2.0
    largest_jump_back_s: float = 0.3
    longest_outage_s: float = 3600.0
    longest_side_px: int = 4096
    shortest_side_px: int = 16
    highest_frame_rate: float = 240.0
    longest_recording_s: float = 172_800.0
    most_files: int = 5000

    def __call__(self, recording: Recording, progress: Progress) -> Survey:
        if len(recording.files) > self.most_files:
            where, what = recording.files[0].path, f"is one of {len(recording.files)} files"
            raise MediaError(where, what, f"join them to at most {self.most_files}, or raise most_files{SETTING}")
        surveys = []
        seen_s = 0.0
        total_bytes = sum(file.size_bytes for file in recording.files)
        read_bytes = 0
        for number, file in enumerate(recording.files):
            share = _Share(read_bytes / max(1, total_bytes), file.size_bytes / max(1, total_bytes), progress)
            check_still(file)
            found = self._survey(file.path, share)
            check_still(file)
            info = found.survey.info and replace(found.survey.info, source=number)
            surveys.append(replace(found.survey, info=info))
            seen_s += found.seen_s
            self._check_length(file.path, seen_s)
            read_bytes += file.size_bytes
        return Survey(tuple(surveys))

    def probe_file(self, file: Path) -> FileInfo:
        """What is in one file that nothing is wrong with. MediaError when it is no recording, or must be mended."""
        info = self.survey_file(file).info
        if info is None:
            raise MediaError(file, "breaks in the middle", "give it as a recording, so that it is mended")
        return info

    def survey_file(self, file: Path, progress: Progress = no_progress) -> FileSurvey:
        """What is in one file. MediaError when it is no recording, or more than a recording may be."""
        return self._survey(file, progress).survey

    def _survey(self, file: Path, progress: Progress) -> _Surveyed:
        with opened(file) as recording:
            container = container_name(recording)
            ranges = coded_alike(file, container)
            stretches = torn(file, container)
            if len(ranges) == 1 and not stretches and not ranges[0].spoilt:
                scan = scanned(recording, file, self.limits, progress)
                self._check(scan, file)
                found, strayed = self._sections(scan)
                if len(found) == 1 and not strayed and not self._one_clock(found[0], container).jumps:
                    numbers = [extent.number for extent in found[0]]
                    return _Surveyed(FileSurvey(file_info(recording, scan, numbers, file)), scan.seen_s)
                survey = FileSurvey(None, self._as_sections(found, ranges[0], container), _strays(strayed))
                return _Surveyed(survey, scan.seen_s)
        parts = self._survey_ranges(file, container, ranges)
        told = (Fault("damaged", 0.0, 0.0, TORN, len(stretches)),) if stretches else ()
        return replace(parts, survey=replace(parts.survey, faults=(*told, *parts.survey.faults)))

    @property
    def limits(self) -> Limits:
        return Limits(self.longest_gap_s, self.largest_jump_back_s)

    def _survey_ranges(self, file: Path, container: str, ranges: Sequence[ByteRange]) -> _Surveyed:
        parts: list[Section] = []
        faults: list[Fault] = []
        seen_s = 0.0
        for within in ranges:
            with opened_within(file, container, within) as recording:
                scan = scanned(recording, file, self.limits, no_progress)
            self._check(scan, file)
            found, strayed = self._sections(scan)
            parts += self._as_sections(found, within, container)
            faults += (*_strays(strayed), *_spoilt(within))
            seen_s += scan.seen_s
        return _Surveyed(FileSurvey(None, tuple(parts), tuple(faults)), seen_s)

    def _check(self, scan: Scan, file: Path) -> None:
        """MediaError where its pictures are too large or too many."""
        self._check_length(file, scan.seen_s)
        size = scan.look.size if scan.look else None
        if size is not None and max(size.width, size.height) > self.longest_side_px:
            what = f"has pictures of {size.width}x{size.height}, with a side above {self.longest_side_px}"
            raise MediaError(file, what, f"scale it down, or raise longest_side_px{SETTING}")
        if size is not None and min(size.width, size.height) < self.shortest_side_px:
            what = f"has pictures of {size.width}x{size.height}, with a side below {self.shortest_side_px}"
            raise MediaError(file, what, "give the recording of the show itself; nothing can be seen in this one")
        if scan.pictures > max(FEW_PACKETS, self.highest_frame_rate * (scan.seen_s + 1)):
            what = (
                f"has {scan.pictures} pictures in {scan.seen_s:.0f} s, more than {self.highest_frame_rate:g} a second"
            )
            raise MediaError(file, what, f"lower its frame rate, or raise highest_frame_rate{SETTING}")

    def _check_length(self, file: Path, seen_s: float) -> None:
        if seen_s > self.longest_recording_s:
            what = f"makes the recording {seen_s / 3600:.1f} hours long, above {self.longest_recording_s / 3600:g}"
            raise MediaError(file, what, f"split it into shows, or raise longest_recording_s{SETTING}")

    def _sections(self, scan: Scan) -> tuple[list[list[Extent]], list[Extent]]:
        extents = [strand.extent(number) for number, strand in enumerate(scan.strands)]
        return sections(extents, Chaining(self.longest_outage_s))

    def _one_clock(self, chain: Sequence[Extent], container: str) -> OneClock:
        return one_clock(chain, container, Chaining(self.longest_outage_s))

    def _as_sections(self, found: Sequence[Sequence[Extent]], within: ByteRange, container: str) -> tuple[Section, ...]:
        made = []
        for chain in found:
            numbers, clock = tuple(extent.number for extent in chain), self._one_clock(chain, container)
            made.append(Section(within, numbers, chain[0].start - COPY_LEAD_S, clock.ahead_s, clock.jumps))
        return tuple(made)


@dataclass(frozen=True, slots=True)
class _Surveyed:
    """A survey, and for how long the file shows pictures."""

    survey: FileSurvey
    seen_s: float


@dataclass(frozen=True)
class _Share:
    """The progress of one file, as a share of all."""

    before: float
    share: float
    progress: Progress

    def __call__(self, done: float) -> None:
        self.progress(self.before + self.share * done)


def _spoilt(within: ByteRange) -> tuple[Fault, ...]:
    return (Fault("damaged", 0.0, 0.0, SPOILT, len(within.spoilt)),) if within.spoilt else ()


def _strays(strayed: Sequence[Extent]) -> tuple[Fault, ...]:
    if not strayed:
        return ()
    count = sum(extent.packets for extent in strayed)
    return (Fault("strayed", 0.0, 0.0, "packets with impossible times are left out", count),)
