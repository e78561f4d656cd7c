"""Read every packet of every file once: what is in it, where key frames are, where its times or its coding break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.errors import MediaError
from domain.media import ByteRange, Fault, FileInfo, FileSurvey, Section, Survey
from domain.session import Recording
from pipeline.containers import coded_alike, container_name, opened, opened_within
from pipeline.packet_scan import Scan, file_info, scanned
from pipeline.stage import Needs, Progress, no_progress
from pipeline.strands import Chaining, Extent, Limits, sections

COPY_LEAD_S = 1.0  # a copy begins that much after 0, so that decoding times before the first picture are none below


@dataclass(frozen=True)
class Probe:
    """Scan the packets of all files: tracks, key frames and runs. One picture a file is decoded, for its size."""

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("av",)

    longest_gap_s: float = 2.0
    largest_jump_back_s: float = 0.3
    longest_outage_s: float = 3600.0

    def __call__(self, recording: Recording, progress: Progress) -> Survey:
        surveys = []
        total_bytes = sum(file.size_bytes for file in recording.files)
        read_bytes = 0
        for number, file in enumerate(recording.files):
            share = _Share(read_bytes / max(1, total_bytes), file.size_bytes / max(1, total_bytes), progress)
            survey = self.survey_file(file.path, share)
            info = survey.info and replace(survey.info, source=number)
            surveys.append(replace(survey, info=info))
            read_bytes += file.size_bytes
        return Survey(tuple(surveys))

    def probe_file(self, file: Path) -> FileInfo:
        """What is in one file that nothing is wrong with. MediaError when it is no recording, or must be mended."""
        info = self.survey_file(file).info
        if info is None:
            raise MediaError(file, "breaks in the middle", "give it as a recording, so that it is mended")
        return info

    def survey_file(self, file: Path, progress: Progress = no_progress) -> FileSurvey:
        """What is in one file. MediaError when it is no recording."""
        with opened(file) as recording:
            container = container_name(recording)
            ranges = coded_alike(file, container)
            if len(ranges) == 1:
                scan = scanned(recording, file, self.limits, progress)
                found, strayed = self._sections(scan)
                if len(found) == 1 and not strayed:
                    numbers = [extent.number for extent in found[0]]
                    return FileSurvey(file_info(recording, scan, numbers, file))
                return FileSurvey(None, _as_sections(found, ranges[0]), _strays(strayed))
        return self._survey_ranges(file, container, ranges)

    @property
    def limits(self) -> Limits:
        return Limits(self.longest_gap_s, self.largest_jump_back_s)

    def _survey_ranges(self, file: Path, container: str, ranges: Sequence[ByteRange]) -> FileSurvey:
        parts: list[Section] = []
        faults: list[Fault] = []
        for within in ranges:
            with opened_within(file, container, within) as recording:
                found, strayed = self._sections(scanned(recording, file, self.limits, no_progress))
            parts += _as_sections(found, within)
            faults += _strays(strayed)
        return FileSurvey(None, tuple(parts), tuple(faults))

    def _sections(self, scan: Scan) -> tuple[list[list[Extent]], list[Extent]]:
        extents = [strand.extent(number) for number, strand in enumerate(scan.strands)]
        return sections(extents, Chaining(self.longest_outage_s))


@dataclass(frozen=True)
class _Share:
    """The progress of one file, as a share of all."""

    before: float
    share: float
    progress: Progress

    def __call__(self, done: float) -> None:
        self.progress(self.before + self.share * done)


def _as_sections(found: Sequence[Sequence[Extent]], within: ByteRange) -> tuple[Section, ...]:
    return tuple(
        Section(within, tuple(extent.number for extent in chain), chain[0].start - COPY_LEAD_S) for chain in found
    )


def _strays(strayed: Sequence[Extent]) -> tuple[Fault, ...]:
    if not strayed:
        return ()
    count = sum(extent.packets for extent in strayed)
    return (Fault("strayed", 0.0, 0.0, "packets with impossible times are left out", count),)
