"""Lay the files on one clock: what the replay shows, in order, and what it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from domain.clock import Cut, Piece, Repair, Span, Timeline
from domain.errors import MediaError
from domain.recording import FileInfo, MediaInfo
from media.scan.file_alignment import Placing, placed
from pipeline.engine.stage import Needs

NOTHING_RECORDED = "nothing was recorded"
BETWEEN_FILES = "nothing was recorded between the files"
REPEATED = "was recorded a second time"
NO_SOUND = "the file has no sound and there is silence"
NO_PICTURE = "no key frame: there is no picture to show"
SHORTEST_PIECE_S = 0.04  # a frame; no encoder can be asked for less


@dataclass(frozen=True)
class LineUp:
    """Show every run of every file that has a key frame, each instant once; leave out and list the rest."""

    version: ClassVar[int] = 4
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    longest_gap_s: float = 2.0
    longest_outage_s: float = 3600.0
    longest_overlap_s: float = 120.0

    def __call__(self, media: MediaInfo) -> Timeline:
        line = _Line()
        file_at = recorded_until = 0.0  # on the recording clock
        before: FileInfo | None = None
        clock = 0.0  # wall clock at file time 0
        for number, info in enumerate(media.files):
            if info.twin_of is not None:
                line.leave_out(info, recorded_until)
                recorded_until += info.duration
                continue
            place = Placing(0.0, 0.0) if before is None else placed(before, info, self)
            is_same_file = before is not None and before.source == info.source
            step = place.after if before is not None else 0.0
            clock += step
            file_at = file_at + step if is_same_file else recorded_until
            line.repairs += _repairs(info, place, file_at)
            line.repairs += _silence(info, file_at) if media.has_sound else ()
            line.join_to(place, file_at, clock, is_same_file)
            line.show(number, info, _Placed(file_at, clock, place.repeated_s))
            recorded_until = max(recorded_until, file_at + info.duration)
            before = info
        if not line.pieces:
            raise MediaError("the recording", "has no key frame in any file", "record it again")
        return Timeline(tuple(line.pieces), tuple(line.cuts), tuple(line.repairs))


@dataclass(frozen=True, slots=True)
class _Placed:
    """Where file time 0 lies on both clocks, and how much of the file's beginning is a repeat."""

    recording: float
    wall: float
    repeated_s: float


@dataclass
class _Line:
    """What has been lined up so far."""

    pieces: list[Piece] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def join_to(self, place: Placing, file_at: float, clock: float, is_same_file: bool) -> None:
        """Make the last piece end where the next file begins, if it nearly does; tell the gap if it doesn't."""
        if not self.pieces or place.repeated_s:
            return
        last = self.pieces[-1]
        missing = clock - (last.wall_start + last.duration)
        if abs(missing) <= place.bridged_s:
            self.pieces[-1] = _lasting(last, max(SHORTEST_PIECE_S, last.duration + missing))
        elif missing > 0:
            start = file_at - missing if is_same_file else file_at
            reason = NOTHING_RECORDED if is_same_file else BETWEEN_FILES
            self.cuts.append(Cut(start, missing, reason))

    def leave_out(self, info: FileInfo, recording_start: float) -> None:
        """Tell of a file, or of a part of one, that came before."""
        reason = f"{REPEATED} (file {info.source + 1})"
        self.cuts.append(Cut(recording_start, info.duration, reason, "repeat"))
        what = f"is the same as file {(info.twin_of or 0) + 1} and is shown once"
        self.repairs.append(Repair("repeated", info.source, recording_start, info.duration, what))

    def show(self, number: int, info: FileInfo, at: _Placed) -> None:
        if at.repeated_s and not _is_led_in(info):
            reason = f"{REPEATED} (file {info.source + 1})"
            self.cuts.append(Cut(at.recording, at.repeated_s, reason, "repeat"))
        shown_until = at.repeated_s
        for whole in info.runs:
            run = _from(whole, at.repeated_s)
            if run.start > shown_until:
                reason = f"{NOTHING_RECORDED} (file {info.source + 1})"
                self.cuts.append(Cut(at.recording + shown_until, run.start - shown_until, reason))
            if run.duration < SHORTEST_PIECE_S:
                continue
            if any(whole.holds(key_frame) for key_frame in info.video.key_frames):
                self._add(number, run, at)
            else:
                reason = f"{NO_PICTURE} (file {info.source + 1})"
                self.cuts.append(Cut(at.recording + run.start, run.duration, reason, "no_picture"))
            shown_until = max(shown_until, run.end)

    def _add(self, number: int, run: Span, at: _Placed) -> None:
        replayed = self.pieces[-1].replay.end if self.pieces else 0.0
        lead = round(at.wall - at.recording, 6)
        self.pieces.append(Piece(number, run.start, at.recording + run.start, replayed, run.duration, lead))


def _lasting(piece: Piece, duration: float) -> Piece:
    return Piece(piece.file, piece.file_start, piece.recording_start, piece.replay_start, duration, piece.wall_lead)


def _from(run: Span, start: float) -> Span:
    return Span(max(run.start, start), max(run.end, start))


def _repairs(info: FileInfo, place: Placing, file_at: float) -> Sequence[Repair]:
    is_told = place.kind is not None and not _is_led_in(info)
    told = [Repair(place.kind, info.source, file_at, place.repeated_s, place.what)] if is_told and place.kind else []
    return told + [
        Repair(fault.kind, info.source, file_at + fault.start, fault.duration, fault.what, fault.count)
        for fault in info.faults
    ]


def _silence(info: FileInfo, file_at: float) -> Sequence[Repair]:
    """A file without sound among others that have some."""
    if info.sound is not None:
        return ()
    return (Repair("silent", info.source, file_at, sum(run.duration for run in info.runs), NO_SOUND),)


def _is_led_in(info: FileInfo) -> bool:
    """Whether its first pictures are there only so that the next can be decoded: Mend put them there."""
    return any(fault.kind == "changed" for fault in info.faults)
