"""Sound without its silences, and the way back to the times of the original."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from models.speech.recognizer import SAMPLE_RATE_HZ, Chunk, Samples


@dataclass(frozen=True, slots=True, eq=False)
class Compact:
    """`sound`: the pieces of some chunks end to end. `clips`, `starts`: where chunks and pieces lie in it."""

    sound: Samples
    clips: tuple[Span, ...]
    pieces: tuple[Span, ...]
    starts: tuple[Seconds, ...]

    def clip_at(self, time: Seconds) -> int:
        """The number of the clip that starts nearest to `time` of `sound`."""
        return min(range(len(self.clips)), key=lambda i: abs(self.clips[i].start - time))

    def original(self, start: Seconds, end: Seconds) -> Span:
        """Where the original has what `sound` has in [start, end). It stays in one piece: that of its middle."""
        at = max(0, bisect_right(self.starts, (start + end) / 2) - 1)
        piece, offset = self.pieces[at], self.pieces[at].start - self.starts[at]
        first = min(max(piece.start, start + offset), piece.end)
        return Span(first, max(first, min(piece.end, end + offset)))


def compact(sound: Samples, chunks: Sequence[Chunk]) -> Compact:
    """The pieces of `chunks` cut out of `sound` and laid end to end."""
    cuts = [[_cut(sound, piece) for piece in chunk.pieces] for chunk in chunks]
    ends = _sums([len(cut) for chunk in cuts for cut in chunk])
    clip_ends = _sums([sum(len(cut) for cut in chunk) for chunk in cuts])
    return Compact(
        np.concatenate([cut for chunk in cuts for cut in chunk]),
        tuple(Span(a, b) for a, b in zip([0.0, *clip_ends], clip_ends, strict=False)),
        tuple(piece for chunk in chunks for piece in chunk.pieces),
        tuple([0.0, *ends][:-1]),
    )


def _cut(sound: Samples, piece: Span) -> Samples:
    return sound[round(piece.start * SAMPLE_RATE_HZ) : round(piece.end * SAMPLE_RATE_HZ)]


def _sums(lengths: Iterable[int]) -> list[Seconds]:
    return [float(total) / SAMPLE_RATE_HZ for total in np.cumsum(list(lengths))]
