"""truth.json: which products people say are explained where in a show."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from domain.clock import Seconds, Span, Timeline, TimelineClip
from domain.errors import InvalidValue, TruthError
from learning.evaluation.manners import Manner
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
class GroundTruth:
    """The true explanations of a show of `duration` seconds. `ignored` stretches count neither for nor against.
    `manners`: how the show talks, each once; none where nobody said.

    Times are on the recording clock as read; `to_replay_clock` maps them to the replay clock, on which metrics work.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"strict": True, "allow_inf_nan": False}

    stream_id: str
    duration: Seconds
    highlights: tuple[TrueHighlight, ...]
    ignored: tuple[Span, ...] = ()
    manners: tuple[Manner, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.manners)) < len(self.manners):
            raise InvalidValue("manners names a manner twice")
        if self.duration <= 0:
            raise InvalidValue(f"a show needs a duration above 0, not {self.duration}")
        late_spans = [span for span in _all_spans(self) if span.end > self.duration]
        if late_spans:
            raise InvalidValue(
                f"[{late_spans[0].start}, {late_spans[0].end}) ends after the show, which lasts {self.duration} s"
            )


def _all_spans(truth: GroundTruth) -> Iterable[Span]:
    return *(highlight.span for highlight in truth.highlights), *truth.ignored


def read_ground_truth(path: Path) -> GroundTruth:
    """The truth.json at `path`, on the recording clock. Raises TruthError, which says where in the file."""
    return read_json(GroundTruth, path, TruthError, REMEDY)


def to_replay_clock(truth: GroundTruth, timeline: Timeline) -> GroundTruth:
    """The same truth on the replay clock, without what lies wholly inside a cut."""
    replay_spans = ((highlight, _replay_span(highlight.span, timeline)) for highlight in truth.highlights)
    highlights = tuple(TrueHighlight(s.start, s.end, h.product_ids) for h, s in replay_spans if s.duration > 0)
    ignored_spans = (_replay_span(span, timeline) for span in truth.ignored)
    ignored = tuple(span for span in ignored_spans if span.duration > 0)
    return GroundTruth(truth.stream_id, timeline.duration, highlights, ignored, truth.manners)


def _replay_span(span: Span, timeline: Timeline) -> Span:
    return Span(timeline.recording_to_replay(span.start), timeline.recording_to_replay(span.end))


def single_file_timeline(duration: Seconds) -> Timeline:
    """The timeline of a recording of one file without gaps: all clocks are equal."""
    return Timeline((TimelineClip(0, 0.0, 0.0, 0.0, duration),))
