"""Lay the files on one clock: what the replay shows, in order, and what it leaves out."""

from dataclasses import dataclass
from typing import ClassVar

from domain.clock import Cut, Piece, Span, Timeline
from domain.errors import MediaError
from domain.media import FileInfo, MediaInfo
from pipeline.stage import Needs

NOTHING_RECORDED = "nothing was recorded"
NO_PICTURE = "no key frame: there is no picture to show"


@dataclass(frozen=True)
class LineUp:
    """Show every run of every file that has a key frame; leave out and list the rest."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, media: MediaInfo) -> Timeline:
        pieces: list[Piece] = []
        cuts: list[Cut] = []
        file_at = 0.0  # on the recording clock
        for number, info in enumerate(media.files):
            for run in info.runs:
                if _has_picture(info, run):
                    replayed = pieces[-1].replay.end if pieces else 0.0
                    pieces.append(Piece(number, run.start, file_at + run.start, replayed, run.duration))
            cuts += _cuts(info, number, file_at)
            file_at += info.duration
        if not pieces:
            raise MediaError("the recording", "has no key frame in any file", "record it again")
        return Timeline(tuple(pieces), tuple(cuts))


def _has_picture(info: FileInfo, run: Span) -> bool:
    return run.duration > 0 and any(run.holds(key_frame) for key_frame in info.video.key_frames)


def _cuts(info: FileInfo, number: int, file_at: float) -> list[Cut]:
    cuts = []
    shown_until = 0.0
    for run in info.runs:
        if run.start > shown_until:
            reason = f"{NOTHING_RECORDED} (file {number + 1})"
            cuts.append(Cut(file_at + shown_until, run.start - shown_until, reason))
        if not _has_picture(info, run):
            cuts.append(Cut(file_at + run.start, run.duration, f"{NO_PICTURE} (file {number + 1})"))
        shown_until = run.end
    return cuts
