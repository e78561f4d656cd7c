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
from domain.recording import Fault, FileInfo, FileSurvey, MediaInfo, Section, Survey
from domain.session import Recording
from media.demuxer import container_name, opened, opened_within
from media.disk_errors import writing
from media.scan.scanner import file_info, placed_packets, scanned, tracks_of
from media.scan.timestamp_chains import Limits
from pipeline.engine.stage import Needs, Progress, no_progress

if TYPE_CHECKING:
    from av import Packet
    from av.container import OutputContainer
    from av.stream import Stream as Track

CHANGED = "sound or picture is coded otherwise from here on: another codec, size or sample rate"
REFUSED = "packets too damaged to be copied are left out"
LOST = "a stretch without a picture that can be decoded is left out"
TICKS_A_SECOND = 1000  # Matroska's clock


@dataclass(frozen=True)
class Mend:
    """Write each section of a broken file as a Matroska file of its own, packets as they were; whole files stay."""

    version: ClassVar[int] = 6
    needs: ClassVar[Needs] = Needs(is_apart=True)
    tools: ClassVar[tuple[str, ...]] = ("av",)

    longest_gap_s: float = 2.0
    largest_jump_back_s: float = 0.3

    def __call__(self, recording: Recording, survey: Survey, scratch: Path, progress: Progress) -> MediaInfo:
        infos: dict[str, list[FileInfo]] = {}  # by the file's digest
        every: list[FileInfo] = []
        for number, (file, found) in enumerate(zip(recording.files, survey.files, strict=True)):
            if file.digest in infos:
                every += [_as_twin(info, number) for info in infos[file.digest]]
            else:
                whole = None if found.info is None else [found.info]
                infos[file.digest] = whole or self._mended(file.path, found, number, scratch)
                every += infos[file.digest]
            progress((number + 1) / len(survey.files))
        return MediaInfo(tuple(every))

    @property
    def _limits(self) -> Limits:
        return Limits(self.longest_gap_s, self.largest_jump_back_s)

    def _mended(self, file: Path, survey: FileSurvey, number: int, scratch: Path) -> list[FileInfo]:
        """The copies of one file, probed. MediaError where none has a picture."""
        with opened(file) as recording:
            container = container_name(recording)
        copies = {scratch / f"{number:03d}-{index:03d}.mkv": each for index, each in enumerate(survey.sections)}
        ranges = groupby(copies.items(), key=lambda found: found[1].within)
        refused = sum(self._copy(file, container, dict(group)) for _, group in ranges)
        infos = []
        for copy, section in copies.items():
            info = self._probed(copy)
            if info is None:
                copy.unlink()
            else:
                infos.append(_as_copy(info, number, copy, section))
        if not infos:
            raise MediaError(file, "has no stretch with a picture that can be decoded", "record or copy it again")
        lost = len(copies) - len(infos)
        told = [Fault("damaged", 0.0, 0.0, what, count) for what, count in ((LOST, lost), (REFUSED, refused)) if count]
        return [replace(infos[0], faults=(*survey.faults, *told, *infos[0].faults)), *infos[1:]]

    def _copy(self, file: Path, container: str, sections: Mapping[Path, Section]) -> int:
        """Write the sections of one byte range, reading it once. How many packets no file can hold."""
        with writing(next(iter(sections)).parent), ExitStack() as stack:
            (within,) = {section.within for section in sections.values()}
            recording = stack.enter_context(opened_within(file, container, within))
            tracks = tracks_of(recording, file)
            copies: dict[int, _Copy] = {}
            for path, section in sections.items():
                writer = stack.enter_context(_writing(path))
                # opaque: else AV1 is looked for by its decoder's name
                out = {track.index: writer.add_stream_from_template(track, opaque=True) for track in tracks.wanted}
                copies |= dict.fromkeys(section.strands, _Copy(writer, out, _clock(section)))
            for strand, packet in _until_broken(placed_packets(recording, tracks, self._limits, file)):
                if strand in copies:
                    copies[strand].take(packet, strand)
            return sum(copy.refused for copy in set(copies.values()))

    def _probed(self, copy: Path) -> FileInfo | None:
        """What a copy holds; None where there is no picture that can be decoded."""
        try:
            with opened(copy) as recording:
                scan = scanned(recording, copy, self._limits, no_progress)
                return file_info(recording, scan, range(len(scan.strands)), copy)
        except MediaError:
            return None


def _until_broken(packets: Iterator[tuple[int, int, Packet[Any]]]) -> Iterator[tuple[int, Packet[Any]]]:
    """Strands and packets as far as the file can be read: that it breaks off is told by the scan."""
    from av import FFmpegError

    with suppress(FFmpegError):
        for strand, _, packet in packets:
            yield strand, packet


@contextmanager
def _writing(copy: Path) -> Iterator[OutputContainer]:
    import av

    try:
        writer = av.open(str(copy), "w", format="matroska", options={"fflags": "+bitexact"})
        try:
            yield writer
        finally:
            _close(writer)
    except (av.FFmpegError, ValueError) as error:
        raise ToolError(copy, f"cannot be written ({error})", "free some space; try again") from error


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
class _Copy:
    """A file that is being written."""

    writer: OutputContainer
    tracks: Mapping[int, Track]
    clock: _Clock
    refused: int = 0

    def take(self, packet: Packet[Any], strand: int) -> None:
        """Write it, unless it is damaged beyond that."""
        from av import FFmpegError

        try:
            if self.clock.put_right(packet, strand):
                packet.stream = self.tracks[packet.stream_index]
                self.writer.mux(packet)
        except OSError:
            raise  # the disk's fault
        except (FFmpegError, ValueError, OverflowError):
            self.refused += 1


@dataclass
class _Clock:
    """Puts packets on the clock of the copy: as much earlier as their strand, decoding times rising in each track."""

    shifts_s: Mapping[int, float]
    last: dict[int, int] = field(default_factory=dict)

    def put_right(self, packet: Packet[Any], strand: int) -> bool:
        """Change the packet's times; whether it can be shown at all."""
        if packet.pts is None or packet.time_base is None or not packet.size:
            return False
        shift = round(self.shifts_s[strand] / packet.time_base)
        lowest = self.last.get(packet.stream_index, -1) + max(1, ceil(1 / (packet.time_base * TICKS_A_SECOND)))
        dts = max((packet.pts if packet.dts is None else packet.dts) - shift, lowest)
        packet.dts, packet.pts = dts, max(packet.pts - shift, dts)
        self.last[packet.stream_index] = dts
        return True


def _as_twin(info: FileInfo, number: int) -> FileInfo:
    return replace(info, source=number, twin_of=info.source, faults=())


def _clock(section: Section) -> _Clock:
    shifts = (section.clock_shift - ahead for ahead in section.ahead_s)
    return _Clock(dict(zip(section.strands, shifts, strict=True)))


def _as_copy(info: FileInfo, source: int, copy: Path, section: Section) -> FileInfo:
    began = info.origin + section.clock_shift
    jumps = tuple(replace(jump, start=max(0.0, jump.start - began)) for jump in section.jumps)
    changed = (Fault("changed", 0.0, 0.0, CHANGED),) if section.within.start else ()
    faults = (*changed, *jumps, *info.faults)
    return replace(info, source=source, copy=copy, clock_shift=section.clock_shift, faults=faults)
