"""truth.json: what people say is explained where in a show."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Piece, Seconds, Span, Timeline
from domain.errors import InvalidValue, TruthError
from pipeline.inputs.parsing.json_file import read_json

REMEDY = "mend the file, or leave the show out of the comparison"


@dataclass(frozen=True, slots=True)
class TrueHighlight:
    """One true explanation of one product, or of a bundle of several."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    start: Seconds
    end: Seconds
    product_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.span.duration == 0:
            raise InvalidValue(f"a true highlight must not be empty, at {self.start}")
        if not self.product_ids:
            raise InvalidValue("a true highlight needs at least one product id")

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Truth:
    """The true explanations of a show of `duration` seconds. `ignored` stretches count neither for nor against.

    As read, times are on the recording clock; `on_replay` puts them on the replay's, where every measure works.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    stream_id: str
    duration: Seconds
    highlights: tuple[TrueHighlight, ...]
    ignored: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if self.duration <= 0:
            raise InvalidValue(f"a show needs a duration above 0, not {self.duration}")
        late = [span for span in _all_spans(self) if span.end > self.duration]
        if late:
            raise InvalidValue(f"[{late[0].start}, {late[0].end}) ends after the show, which lasts {self.duration} s")


def _all_spans(truth: Truth) -> Iterable[Span]:
    return *(highlight.span for highlight in truth.highlights), *truth.ignored


def read_truth(path: Path) -> Truth:
    """The truth.json at `path`, on the recording clock. Raises TruthError, which names the place."""
    return read_json(Truth, path, TruthError, REMEDY)


def on_replay(truth: Truth, timeline: Timeline) -> Truth:
    """The same truth on the replay clock. What lies wholly inside a cut is gone: no viewer can see it."""
    placed = ((highlight, _placed(highlight.span, timeline)) for highlight in truth.highlights)
    highlights = tuple(TrueHighlight(s.start, s.end, h.product_ids) for h, s in placed if s.duration > 0)
    ignored = (_placed(span, timeline) for span in truth.ignored)
    return Truth(truth.stream_id, timeline.duration, highlights, tuple(span for span in ignored if span.duration > 0))


def _placed(span: Span, timeline: Timeline) -> Span:
    return Span(timeline.replay_time(span.start), timeline.replay_time(span.end))


def uncut(duration: Seconds) -> Timeline:
    """The timeline of a recording of one file without gaps: all clocks are the same."""
    return Timeline((Piece(0, 0.0, 0.0, 0.0, duration),))
