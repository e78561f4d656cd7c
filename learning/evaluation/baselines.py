"""Two simple baselines: pushes, and exact product names."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span, Timeline
from domain.evidence import EventLog
from domain.speech import Transcript
from learning.evaluation.gold_show import product_events
from learning.evaluation.metrics import Prediction

PUSH_EVENT_TYPE = "product_push"
MAX_PUSH_S: Seconds = 180.0  # how long a push counts at most; part of the definition of this baseline
MAX_NAME_GAP_S: Seconds = 40.0  # between two names of one explanation; part of the definition of this baseline
BASELINE_CONFIDENCE = 1.0  # baselines publish all that they predict


def predict_from_pushes(
    log: EventLog, timeline: Timeline, started_at: datetime | None = None
) -> tuple[Prediction, ...]:
    """Each push of a product until the next push, the end of the show, or `MAX_PUSH_S`.

    Pushes that have only wall-clock times are left out where `started_at` is unknown.
    """
    events = product_events(log, timeline, started_at)
    timed_pushes = [(event.time, event.product_id) for event in events if event.type == PUSH_EVENT_TYPE]
    ends = [*(time for time, _ in timed_pushes), timeline.duration][1:]
    spans = [Span(time, min(end, time + MAX_PUSH_S)) for (time, _), end in zip(timed_pushes, ends, strict=True)]
    return tuple(
        _prediction(span, product) for span, (_, product) in zip(spans, timed_pushes, strict=True) if span.duration > 0
    )


def predict_from_exact_names(transcript: Transcript, catalog: Catalog) -> tuple[Prediction, ...]:
    """Wherever a short name or an alias is in the transcript, letter by letter. Spans at most `MAX_NAME_GAP_S` apart
    are merged.

    Unreliable sentences count, too: this baseline has no hallucination filter.
    """
    predictions = (
        _prediction(span, p.product_id) for p in catalog for span in _merge_nearby(_name_spans(p, transcript))
    )
    return tuple(sorted(predictions, key=lambda prediction: prediction.span))


def _name_spans(product: Product, transcript: Transcript) -> Iterator[Span]:
    names = sorted({name for name in (product.short_name, *product.aliases) if name.strip()}, key=len, reverse=True)
    if not names:
        return
    pattern = re.compile("|".join(map(_word_pattern, names)), re.IGNORECASE)
    for sentence in transcript.sentences:
        for match in pattern.finditer(sentence.text):
            yield sentence.span_of(match.start(), match.end())


def _word_pattern(name: str) -> str:
    """A pattern for `name`. Latin names must be whole words: "pan" is not in "expand". Chinese has no word
    boundaries.
    """
    left_boundary = "(?<![A-Za-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    right_boundary = "(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return left_boundary + re.escape(name) + right_boundary


def _merge_nearby(spans: Iterable[Span]) -> Iterator[Span]:
    """`spans` by time; neighbours at most `MAX_NAME_GAP_S` apart become one."""
    ordered = sorted(spans)
    if not ordered:
        return
    breaks = [i for i, (a, b) in enumerate(pairwise(ordered), 1) if b.start - a.end > MAX_NAME_GAP_S]
    for first, after in pairwise([0, *breaks, len(ordered)]):
        yield Span(ordered[first].start, ordered[after - 1].end)


def _prediction(span: Span, product_id: str) -> Prediction:
    return Prediction(span, (product_id,), span.start, BASELINE_CONFIDENCE)
