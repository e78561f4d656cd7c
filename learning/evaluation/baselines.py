"""Three simple baselines: pushes, exact product names, and names as substrings of sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping
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
MAX_SUBSTRING_GAP_S: Seconds = 15.0  # as above, of the nearest open tool
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
    return _merge_by_product({p.product_id: _name_spans(p, transcript) for p in catalog}, MAX_NAME_GAP_S)


def predict_from_substrings(transcript: Transcript, catalog: Catalog) -> tuple[Prediction, ...]:
    """Wherever a sentence contains a short name or an alias, in any case and as part of a word too: the whole sentence.
    Sentences at most `MAX_SUBSTRING_GAP_S` apart are merged.

    The title is the name of a product without a short name. This is what the nearest open tool does.
    """
    return _merge_by_product({p.product_id: _sentence_spans(p, transcript) for p in catalog}, MAX_SUBSTRING_GAP_S)


def _merge_by_product(spans: Mapping[str, Iterable[Span]], max_gap: Seconds) -> tuple[Prediction, ...]:
    """A prediction for every run of `spans` of a product, by time."""
    predictions = (
        _prediction(span, product_id)
        for product_id, product_spans in spans.items()
        for span in _merge_nearby(product_spans, max_gap)
    )
    return tuple(sorted(predictions, key=lambda prediction: prediction.span))


def _names(product: Product) -> set[str]:
    return {name for name in (product.short_name, *product.aliases) if name.strip()}


def _sentence_spans(product: Product, transcript: Transcript) -> Iterator[Span]:
    names = {name.lower() for name in _names(product) | ({product.title} if not product.short_name else set())}
    for sentence in transcript.sentences:
        if any(name in sentence.text.lower() for name in names):
            yield sentence.span


def _name_spans(product: Product, transcript: Transcript) -> Iterator[Span]:
    names = sorted(_names(product), key=len, reverse=True)
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


def _merge_nearby(spans: Iterable[Span], max_gap: Seconds) -> Iterator[Span]:
    """`spans` by time; neighbours at most `max_gap` apart become one."""
    ordered = sorted(spans)
    if not ordered:
        return
    breaks = [i for i, (a, b) in enumerate(pairwise(ordered), 1) if b.start - a.end > max_gap]
    for first, after in pairwise([0, *breaks, len(ordered)]):
        yield Span(ordered[first].start, ordered[after - 1].end)


def _prediction(span: Span, product_id: str) -> Prediction:
    return Prediction(span, (product_id,), span.start, BASELINE_CONFIDENCE)
