"""Lay the files on one clock: what the replay shows, in order, and what it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from domain.clock import Cut, Repair, Span, Timeline, TimelineClip
from domain.errors import MediaError
from domain.recording import MediaFileInfo, MediaInfo, ProbeResult
from media.scan.file_alignment import FileAlignment, FileAlignmentRules, align_file
from pipeline.engine.stage import Needs

GAP_IN_FILE = "nothing was recorded"
GAP_BETWEEN_FILES = "nothing was recorded between the files"
REPEATED = "was recorded a second time"
NO_AUDIO = "the file has no sound and there is silence"
NO_KEY_FRAME = "no key frame: there is no picture to show"
MIN_PIECE_S = 0.04  # a frame; no encoder can be asked for less


@dataclass(frozen=True)
class BuildTimeline:
    """Show every run of every file that has a key frame, each instant once; leave out and list the rest."""

    version: ClassVar[int] = 5
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    max_overlap_s: float = 120.0

    def __call__(self, media: MediaInfo, probed: ProbeResult) -> Timeline:
        rules = FileAlignmentRules(probed.rules, self.max_overlap_s)
        builder = _TimelineBuilder()
        file_start = recorded_until = 0.0  # on the recording clock
        previous: MediaFileInfo | None = None
        wall_start = 0.0  # wall clock at file time 0
        for number, info in enumerate(media.files):
            if info.duplicate_of is not None:
                builder.skip_duplicate(info, recorded_until)
                recorded_until += info.duration
                continue
            alignment = FileAlignment(0.0, 0.0) if previous is None else align_file(previous, info, rules)
            is_same_file = previous is not None and previous.source_index == info.source_index
            offset_s = alignment.offset_s if previous is not None else 0.0
            wall_start += offset_s
            file_start = file_start + offset_s if is_same_file else recorded_until
            builder.repairs += _repairs(info, alignment, file_start)
            builder.repairs += _missing_audio(info, file_start) if media.has_audio else ()
            builder.join_last_piece(alignment, file_start, wall_start, is_same_file)
            builder.add_file(number, info, _FilePosition(file_start, wall_start, alignment.repeated_s))
            recorded_until = max(recorded_until, file_start + info.duration)
            previous = info
        if not builder.pieces:
            raise MediaError("the recording", "has no key frame in any file", "record it again")
        return Timeline(tuple(builder.pieces), tuple(builder.cuts), tuple(builder.repairs))


@dataclass(frozen=True, slots=True)
class _FilePosition:
    """Where file time 0 lies on both clocks, and how much of the file's beginning is a repeat."""

    recording_start: float
    wall_start: float
    repeated_s: float


@dataclass
class _TimelineBuilder:
    """What has been lined up so far."""

    pieces: list[TimelineClip] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def join_last_piece(
        self, alignment: FileAlignment, file_start: float, wall_start: float, is_same_file: bool
    ) -> None:
        """Make the last piece end where the next file begins, if it nearly does; tell the gap if it doesn't."""
        if not self.pieces or alignment.repeated_s:
            return
        last = self.pieces[-1]
        gap_s = wall_start - (last.wall_clock_start + last.duration)
        if abs(gap_s) <= alignment.max_bridge_s:
            self.pieces[-1] = _with_duration(last, max(MIN_PIECE_S, last.duration + gap_s))
        elif gap_s > 0:
            start = file_start - gap_s if is_same_file else file_start
            reason = GAP_IN_FILE if is_same_file else GAP_BETWEEN_FILES
            self.cuts.append(Cut(start, gap_s, reason))

    def skip_duplicate(self, info: MediaFileInfo, recording_start: float) -> None:
        """Tell of a file, or of a part of one, that came before."""
        reason = f"{REPEATED} (file {info.source_index + 1})"
        self.cuts.append(Cut(recording_start, info.duration, reason, "repeat"))
        what = f"is the same as file {(info.duplicate_of or 0) + 1} and is shown once"
        self.repairs.append(Repair("repeated", info.source_index, recording_start, info.duration, what))

    def add_file(self, number: int, info: MediaFileInfo, position: _FilePosition) -> None:
        if position.repeated_s and not _has_decoder_preroll(info):
            reason = f"{REPEATED} (file {info.source_index + 1})"
            self.cuts.append(Cut(position.recording_start, position.repeated_s, reason, "repeat"))
        covered_until = position.repeated_s
        for full_run in info.gapless_spans:
            run = _clipped_to_start(full_run, position.repeated_s)
            if run.start > covered_until:
                reason = f"{GAP_IN_FILE} (file {info.source_index + 1})"
                self.cuts.append(Cut(position.recording_start + covered_until, run.start - covered_until, reason))
            if run.duration < MIN_PIECE_S:
                continue
            if any(full_run.contains(key_frame) for key_frame in info.video.keyframe_times):
                self._add_piece(number, run, position)
            else:
                reason = f"{NO_KEY_FRAME} (file {info.source_index + 1})"
                self.cuts.append(Cut(position.recording_start + run.start, run.duration, reason, "no_picture"))
            covered_until = max(covered_until, run.end)

    def _add_piece(self, number: int, run: Span, position: _FilePosition) -> None:
        replay_start = self.pieces[-1].replay_span.end if self.pieces else 0.0
        wall_lead = round(position.wall_start - position.recording_start, 6)
        self.pieces.append(
            TimelineClip(number, run.start, position.recording_start + run.start, replay_start, run.duration, wall_lead)
        )


def _with_duration(piece: TimelineClip, duration: float) -> TimelineClip:
    return TimelineClip(
        piece.file_index, piece.file_start, piece.recording_start, piece.replay_start, duration, piece.wall_clock_offset
    )


def _clipped_to_start(run: Span, start: float) -> Span:
    return Span(max(run.start, start), max(run.end, start))


def _repairs(info: MediaFileInfo, alignment: FileAlignment, file_start: float) -> Sequence[Repair]:
    is_reported = alignment.kind is not None and not _has_decoder_preroll(info)
    alignment_repairs = (
        [Repair(alignment.kind, info.source_index, file_start, alignment.repeated_s, alignment.what)]
        if is_reported and alignment.kind
        else []
    )
    return alignment_repairs + [
        Repair(fault.kind, info.source_index, file_start + fault.start, fault.duration, fault.what, fault.count)
        for fault in info.faults
    ]


def _missing_audio(info: MediaFileInfo, file_start: float) -> Sequence[Repair]:
    """A file without sound among others that have some."""
    if info.audio is not None:
        return ()
    return (Repair("silent", info.source_index, file_start, sum(run.duration for run in info.gapless_spans), NO_AUDIO),)


def _has_decoder_preroll(info: MediaFileInfo) -> bool:
    """Whether its first pictures are there only so that the next can be decoded: Mend put them there."""
    return any(fault.kind == "changed" for fault in info.faults)
