"""Remuxing: packets of broken files copied into files with sane times, so that later stages read nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from domain.errors import MediaError
from domain.progress import Progress, no_progress
from domain.recording import (
    CleanSection,
    FileFault,
    MediaFileInfo,
    MediaInfo,
    ProbedFile,
    ProbeResult,
    TimestampRules,
)
from domain.session import Recording
from media.demuxer import open_byte_range, open_media
from media.disk_errors import translate_write_errors
from media.scan.file_info import build_file_info
from media.scan.scanner import packets_with_chains, scan_file, select_tracks
from media.scan.section_writer import SectionWriter, open_section_writer
from pipeline.engine.stage import Needs

if TYPE_CHECKING:
    from av import Packet

CODEC_CHANGED = "sound or picture is coded otherwise from here on: another codec, size or sample rate"
PACKETS_REJECTED = "packets too damaged to be copied are left out"
SECTIONS_LOST = "a stretch without a picture that can be decoded is left out"


@dataclass(frozen=True)
class Remux:
    """Write each clean section of a broken file as a Matroska file, packets as they were; whole files stay as they are.

    It has no settings: times are read by the rules by which Probe read them, or sections would not be found again.
    MediaError where a file has no section with a key frame that can be decoded.
    """

    version: ClassVar[int] = 7
    needs: ClassVar[Needs] = Needs(is_sandboxed=True)
    tools: ClassVar[tuple[str, ...]] = ("av",)

    def __call__(self, recording: Recording, probed: ProbeResult, scratch: Path, progress: Progress) -> MediaInfo:
        remuxer = _FileRemuxer(scratch, probed.rules)
        infos_by_digest: dict[str, list[MediaFileInfo]] = {}
        file_infos: list[MediaFileInfo] = []
        for number, (file, probed_file) in enumerate(zip(recording.files, probed.files, strict=True)):
            if file.digest in infos_by_digest:
                file_infos += [_as_duplicate(info, number) for info in infos_by_digest[file.digest]]
            else:
                intact = None if probed_file.info is None else [probed_file.info]
                infos_by_digest[file.digest] = intact or remuxer.remux(file.path, probed_file, number)
                file_infos += infos_by_digest[file.digest]
            progress((number + 1) / len(probed.files))
        return MediaInfo(tuple(file_infos))


@dataclass(frozen=True, slots=True)
class _FileRemuxer:
    """Writes the clean sections of broken files into `scratch`."""

    scratch: Path
    rules: TimestampRules

    def remux(self, file: Path, probed: ProbedFile, number: int) -> list[MediaFileInfo]:
        """The new files made of one, probed. MediaError where none has a key frame."""
        sections_by_file = {
            self.scratch / f"{number:03d}-{index:03d}.mkv": section for index, section in enumerate(probed.sections)
        }
        by_byte_range = groupby(sections_by_file.items(), key=lambda item: item[1].byte_range)
        rejected_count = sum(self._remux_range(file, dict(group)) for _, group in by_byte_range)
        infos = []
        for remuxed_file, section in sections_by_file.items():
            info = self._probe(remuxed_file)
            if info is None:
                remuxed_file.unlink()
            else:
                infos.append(_as_remuxed(info, number, remuxed_file, section))
        if not infos:
            raise MediaError(file, "has no stretch with a picture that can be decoded", "record or copy it again")
        damage_counts = {SECTIONS_LOST: len(sections_by_file) - len(infos), PACKETS_REJECTED: rejected_count}
        damage = [FileFault("damaged", 0.0, 0.0, what, count) for what, count in damage_counts.items() if count]
        return [replace(infos[0], faults=(*probed.faults, *damage, *infos[0].faults)), *infos[1:]]

    def _remux_range(self, file: Path, sections: Mapping[Path, CleanSection]) -> int:
        """Write the sections of one byte range in one reading; how many packets were rejected."""
        with translate_write_errors(self.scratch), ExitStack() as stack:
            (byte_range,) = {section.byte_range for section in sections.values()}
            recording = stack.enter_context(open_byte_range(file, byte_range))
            tracks = select_tracks(recording, file)
            writers: dict[int, SectionWriter] = {}
            for path, section in sections.items():
                writer = stack.enter_context(open_section_writer(path, section, tracks))
                writers |= dict.fromkeys(section.chain_indices, writer)
            for chain_index, packet in _readable_packets(packets_with_chains(recording, tracks, self.rules, file)):
                if chain_index in writers:
                    writers[chain_index].write(packet, chain_index)
            return sum(writer.rejected_count for writer in set(writers.values()))

    def _probe(self, remuxed_file: Path) -> MediaFileInfo | None:
        """What a new file holds; None where it has no key frame that can be decoded."""
        try:
            with open_media(remuxed_file) as recording:
                scan = scan_file(recording, remuxed_file, self.rules, no_progress)
                return build_file_info(recording, scan, range(len(scan.chains)), remuxed_file)
        except MediaError:
            return None


def _readable_packets(packets: Iterator[tuple[int, int, Packet[Any]]]) -> Iterator[tuple[int, Packet[Any]]]:
    """Chain indices and packets as far as the file can be read: Probe has reported that it breaks off."""
    from av import FFmpegError

    with suppress(FFmpegError):
        for chain_index, _, packet in packets:
            yield chain_index, packet


def _as_duplicate(info: MediaFileInfo, number: int) -> MediaFileInfo:
    return replace(info, source_index=number, duplicate_of=info.source_index, faults=())


def _as_remuxed(info: MediaFileInfo, source_index: int, remuxed_file: Path, section: CleanSection) -> MediaFileInfo:
    origin = info.start_pts + section.timestamp_offset
    jumps = tuple(replace(jump, start=max(0.0, jump.start - origin)) for jump in section.timestamp_jumps)
    codec_change = (FileFault("changed", 0.0, 0.0, CODEC_CHANGED),) if section.byte_range.start else ()
    return replace(
        info,
        source_index=source_index,
        remuxed_path=remuxed_file,
        timestamp_offset=section.timestamp_offset,
        faults=(*codec_change, *jumps, *info.faults),
    )
