"""Copy what is whole out of files whose times or coding break, so that all later stages read sane files only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from domain.errors import MediaError, ToolError
from domain.progress import Progress, no_progress
from domain.recording import CleanSection, FileFault, MediaFileInfo, MediaInfo, ProbedFile, ProbeResult, TimestampRules
from domain.session import Recording
from media.demuxer import open_byte_range, open_media
from media.disk_errors import translate_write_errors
from media.scan.file_info import build_file_info
from media.scan.scanner import packets_with_chains, scan_file, select_tracks
from pipeline.engine.stage import Needs

if TYPE_CHECKING:
    from av import Packet
    from av.container import OutputContainer
    from av.stream import Stream as Track

CODEC_CHANGED = "sound or picture is coded otherwise from here on: another codec, size or sample rate"
PACKETS_REJECTED = "packets too damaged to be copied are left out"
SECTIONS_LOST = "a stretch without a picture that can be decoded is left out"
MATROSKA_TICKS_PER_S = 1000  # Matroska's clock


@dataclass(frozen=True)
class Remux:
    """Write each section of a broken file as a Matroska file of its own, packets as they were; whole files stay."""

    version: ClassVar[int] = 7
    needs: ClassVar[Needs] = Needs(is_sandboxed=True)
    tools: ClassVar[tuple[str, ...]] = ("av",)

    def __call__(self, recording: Recording, probed: ProbeResult, scratch: Path, progress: Progress) -> MediaInfo:
        remuxer = _FileRemuxer(scratch, probed.rules)
        infos: dict[str, list[MediaFileInfo]] = {}  # by the file's digest
        file_infos: list[MediaFileInfo] = []
        for number, (file, probed_file) in enumerate(zip(recording.files, probed.files, strict=True)):
            if file.digest in infos:
                file_infos += [_as_duplicate(info, number) for info in infos[file.digest]]
            else:
                intact = None if probed_file.info is None else [probed_file.info]
                infos[file.digest] = intact or remuxer.remux(file.path, probed_file, number)
                file_infos += infos[file.digest]
            progress((number + 1) / len(probed.files))
        return MediaInfo(tuple(file_infos))


@dataclass(frozen=True, slots=True)
class _FileRemuxer:
    """Writes the clean sections of broken files, read by the rules by which Probe read them."""

    scratch: Path
    rules: TimestampRules

    def remux(self, file: Path, probed: ProbedFile, number: int) -> list[MediaFileInfo]:
        """The copies of one file, probed. MediaError where none has a picture."""
        sections_by_file = {
            self.scratch / f"{number:03d}-{index:03d}.mkv": each for index, each in enumerate(probed.sections)
        }
        by_byte_range = groupby(sections_by_file.items(), key=lambda item: item[1].byte_range)
        rejected = sum(self._remux_range(file, dict(group)) for _, group in by_byte_range)
        infos = []
        for remuxed_file, section in sections_by_file.items():
            info = self._probe(remuxed_file)
            if info is None:
                remuxed_file.unlink()
            else:
                infos.append(_as_remuxed(info, number, remuxed_file, section))
        if not infos:
            raise MediaError(file, "has no stretch with a picture that can be decoded", "record or copy it again")
        lost_sections = len(sections_by_file) - len(infos)
        damage = [
            FileFault("damaged", 0.0, 0.0, what, count)
            for what, count in ((SECTIONS_LOST, lost_sections), (PACKETS_REJECTED, rejected))
            if count
        ]
        return [replace(infos[0], faults=(*probed.faults, *damage, *infos[0].faults)), *infos[1:]]

    def _remux_range(self, file: Path, sections: Mapping[Path, CleanSection]) -> int:
        """Write the sections of one byte range, reading it once. How many packets no file can hold."""
        with translate_write_errors(self.scratch), ExitStack() as stack:
            (byte_range,) = {section.byte_range for section in sections.values()}
            recording = stack.enter_context(open_byte_range(file, byte_range))
            tracks = select_tracks(recording, file)
            writers: dict[int, _SectionWriter] = {}
            for path, section in sections.items():
                container_out = stack.enter_context(_open_writer(path))
                # opaque: else AV1 is looked for by its decoder's name
                tracks_out = {
                    track.index: container_out.add_stream_from_template(track, opaque=True) for track in tracks.selected
                }
                writers |= dict.fromkeys(
                    section.chain_indices, _SectionWriter(container_out, tracks_out, _section_retimer(section))
                )
            for chain, packet in _readable_packets(packets_with_chains(recording, tracks, self.rules, file)):
                if chain in writers:
                    writers[chain].write(packet, chain)
            return sum(copy.rejected for copy in set(writers.values()))

    def _probe(self, remuxed_file: Path) -> MediaFileInfo | None:
        """What a copy holds; None where there is no picture that can be decoded."""
        try:
            with open_media(remuxed_file) as recording:
                scan = scan_file(recording, remuxed_file, self.rules, no_progress)
                return build_file_info(recording, scan, range(len(scan.chains)), remuxed_file)
        except MediaError:
            return None


def _readable_packets(packets: Iterator[tuple[int, int, Packet[Any]]]) -> Iterator[tuple[int, Packet[Any]]]:
    """Strands and packets as far as the file can be read: that it breaks off is told by the scan."""
    from av import FFmpegError

    with suppress(FFmpegError):
        for chain, _, packet in packets:
            yield chain, packet


@contextmanager
def _open_writer(remuxed_file: Path) -> Iterator[OutputContainer]:
    import av

    try:
        writer = av.open(str(remuxed_file), "w", format="matroska", options={"fflags": "+bitexact"})
        try:
            yield writer
        finally:
            _close(writer)
    except (av.FFmpegError, ValueError) as error:
        raise ToolError(remuxed_file, f"cannot be written ({error})", "free some space; try again") from error


def _close(writer: OutputContainer) -> None:
    """Write the end, unless damaged packets forbid it: what is there is judged by reading it."""
    from av import FFmpegError

    try:
        writer.close()
    except OSError:
        raise  # the disk's fault
    except (FFmpegError, ValueError):
        return


@dataclass(eq=False)
class _SectionWriter:
    """A file that is being written."""

    container: OutputContainer
    tracks: Mapping[int, Track]
    retimer: _PacketRetimer
    rejected: int = 0

    def write(self, packet: Packet[Any], chain: int) -> None:
        """Write it, unless it is damaged beyond that."""
        from av import FFmpegError

        try:
            if self.retimer.retime(packet, chain):
                packet.stream = self.tracks[packet.stream_index]
                self.container.mux(packet)
        except OSError:
            raise  # the disk's fault
        except (FFmpegError, ValueError, OverflowError):
            self.rejected += 1


@dataclass
class _PacketRetimer:
    """Puts packets on the clock of the copy: as much earlier as their strand, decoding times rising in each track."""

    shifts_s: Mapping[int, float]
    last_dts: dict[int, int] = field(default_factory=dict)

    def retime(self, packet: Packet[Any], chain: int) -> bool:
        """Change the packet's times; whether it can be shown at all."""
        if packet.pts is None or packet.time_base is None or not packet.size:
            return False
        shift = round(self.shifts_s[chain] / packet.time_base)
        min_dts = self.last_dts.get(packet.stream_index, -1) + max(
            1, ceil(1 / (packet.time_base * MATROSKA_TICKS_PER_S))
        )
        dts = max((packet.pts if packet.dts is None else packet.dts) - shift, min_dts)
        packet.dts, packet.pts = dts, max(packet.pts - shift, dts)
        self.last_dts[packet.stream_index] = dts
        return True


def _as_duplicate(info: MediaFileInfo, number: int) -> MediaFileInfo:
    return replace(info, source_index=number, duplicate_of=info.source_index, faults=())


def _section_retimer(section: CleanSection) -> _PacketRetimer:
    shifts = (section.timestamp_offset - ahead for ahead in section.chain_delays_s)
    return _PacketRetimer(dict(zip(section.chain_indices, shifts, strict=True)))


def _as_remuxed(info: MediaFileInfo, source: int, remuxed_file: Path, section: CleanSection) -> MediaFileInfo:
    origin = info.start_pts + section.timestamp_offset
    jumps = tuple(replace(jump, start=max(0.0, jump.start - origin)) for jump in section.timestamp_jumps)
    codec_change = (FileFault("changed", 0.0, 0.0, CODEC_CHANGED),) if section.byte_range.start else ()
    faults = (*codec_change, *jumps, *info.faults)
    return replace(
        info, source_index=source, remuxed_path=remuxed_file, timestamp_offset=section.timestamp_offset, faults=faults
    )
