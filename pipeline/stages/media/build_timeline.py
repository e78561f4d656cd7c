"""The timeline: all files on one clock, what the replay shows of them, and what it leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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
MIN_CLIP_S = 0.04  # a frame; no encoder can be asked for less


@dataclass(frozen=True)
class BuildTimeline:
    """Put every run of every file that has a key frame on one clock, each instant once; list what is left out."""

    version: ClassVar[int] = 5
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    max_overlap_s: float = 120.0

    def __call__(self, media: MediaInfo, probed: ProbeResult) -> Timeline:
        rules = FileAlignmentRules(probed.rules, self.max_overlap_s)
        builder = _TimelineBuilder()
        file_start = recorded_until = 0.0  # on the recording clock
        wall_start = 0.0  # wall clock at file time 0
        previous: MediaFileInfo | None = None
        for number, info in enumerate(media.files):
            if info.duplicate_of is not None:
                builder.skip_duplicate(info, recorded_until)
                recorded_until += info.duration
                continue
            alignment = FileAlignment(0.0, 0.0) if previous is None else align_file(previous, info, rules)
            is_same_file = previous is not None and previous.source_index == info.source_index
            wall_start += alignment.offset_s
            file_start = file_start + alignment.offset_s if is_same_file else recorded_until
            builder.repairs += _repairs(info, alignment, file_start)
            builder.repairs += _missing_audio(info, file_start) if media.has_audio else ()
            builder.join_last_clip(alignment, file_start, wall_start, is_same_file)
            builder.add_file(number, info, _FilePosition(file_start, wall_start, alignment.repeated_s))
            recorded_until = max(recorded_until, file_start + info.duration)
            previous = info
        if not builder.clips:
            raise MediaError("the recording", "has no key frame in any file", "record it again")
        return Timeline(tuple(builder.clips), tuple(builder.cuts), tuple(builder.repairs))


@dataclass(frozen=True, slots=True)
class _FilePosition:
    """Where file time 0 lies on both clocks, and how much of the file's beginning is a repeat."""

    recording_start: float
    wall_start: float
    repeated_s: float


@dataclass
class _TimelineBuilder:
    """The timeline so far."""

    clips: list[TimelineClip] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    def join_last_clip(
        self, alignment: FileAlignment, file_start: float, wall_start: float, is_same_file: bool
    ) -> None:
        """Make the last clip end where the next file begins, if it nearly does; otherwise list the gap."""
        if not self.clips or alignment.repeated_s:
            return
        last = self.clips[-1]
        gap_s = wall_start - (last.wall_clock_start + last.duration)
        if abs(gap_s) <= alignment.max_bridge_s:
            self.clips[-1] = replace(last, duration=max(MIN_CLIP_S, last.duration + gap_s))
        elif gap_s > 0:
            start = file_start - gap_s if is_same_file else file_start
            reason = GAP_IN_FILE if is_same_file else GAP_BETWEEN_FILES
            self.cuts.append(Cut(start, gap_s, reason))

    def skip_duplicate(self, info: MediaFileInfo, recording_start: float) -> None:
        """List a file, or a part of one, that equals an earlier one."""
        reason = f"{REPEATED} (file {info.source_index + 1})"
        self.cuts.append(Cut(recording_start, info.duration, reason, "repeat"))
        what = f"is the same as file {(info.duplicate_of or 0) + 1} and is shown once"
        self.repairs.append(Repair("repeated", info.source_index, recording_start, info.duration, what))

    def add_file(self, number: int, info: MediaFileInfo, position: _FilePosition) -> None:
        """Add the runs that have a key frame, without what repeats the file before; list what lies between them."""
        if position.repeated_s and not _has_decoder_preroll(info):
            reason = f"{REPEATED} (file {info.source_index + 1})"
            self.cuts.append(Cut(position.recording_start, position.repeated_s, reason, "repeat"))
        covered_until = position.repeated_s
        for full_run in info.gapless_spans:
            run = _clipped_to_start(full_run, position.repeated_s)
            if run.start > covered_until:
                reason = f"{GAP_IN_FILE} (file {info.source_index + 1})"
                self.cuts.append(Cut(position.recording_start + covered_until, run.start - covered_until, reason))
            if run.duration < MIN_CLIP_S:
                continue
            if any(full_run.contains(key_frame) for key_frame in info.video.keyframe_times):
                self._add_clip(number, run, position)
            else:
                reason = f"{NO_KEY_FRAME} (file {info.source_index + 1})"
                self.cuts.append(Cut(position.recording_start + run.start, run.duration, reason, "no_picture"))
            covered_until = max(covered_until, run.end)

    def _add_clip(self, number: int, run: Span, position: _FilePosition) -> None:
        replay_start = self.clips[-1].replay_span.end if self.clips else 0.0
        wall_clock_offset = round(position.wall_start - position.recording_start, 6)
        self.clips.append(
            TimelineClip(
                number, run.start, position.recording_start + run.start, replay_start, run.duration, wall_clock_offset
            )
        )


def _clipped_to_start(run: Span, start: float) -> Span:
    return Span(max(run.start, start), max(run.end, start))


def _repairs(info: MediaFileInfo, alignment: FileAlignment, file_start: float) -> Sequence[Repair]:
    repairs = [
        Repair(fault.kind, info.source_index, file_start + fault.start, fault.duration, fault.what, fault.count)
        for fault in info.faults
    ]
    if alignment.kind is None or _has_decoder_preroll(info):
        return repairs
    return [Repair(alignment.kind, info.source_index, file_start, alignment.repeated_s, alignment.what), *repairs]


def _missing_audio(info: MediaFileInfo, file_start: float) -> Sequence[Repair]:
    """A file without audio among others that have some."""
    if info.audio is not None:
        return ()
    return (Repair("silent", info.source_index, file_start, sum(run.duration for run in info.gapless_spans), NO_AUDIO),)


def _has_decoder_preroll(info: MediaFileInfo) -> bool:
    """Whether its first frames are there only so that the next can be decoded: Remux put them there."""
    return any(fault.kind == "changed" for fault in info.faults)
