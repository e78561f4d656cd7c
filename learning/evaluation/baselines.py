"""Two simple ways to find highlights, which anything worth its cost has to beat."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span, Timeline
from domain.evidence import EventLog
from domain.speech import Transcript
from learning.evaluation.gold_show import placed_events
from learning.evaluation.metrics import Prediction

PUSH = "product_push"
LONGEST_PUSH: Seconds = 180.0  # a push says no more than that afterwards; the definition of this rival
LONGEST_GAP: Seconds = 40.0  # between two namings of one explanation; the definition of this rival
CERTAIN = 1.0  # a rival has no doubts: whatever it finds it publishes


def pushes(log: EventLog, timeline: Timeline, started_at: datetime | None = None) -> tuple[Prediction, ...]:
    """Each push of a product until the next push, the show's end, or `LONGEST_PUSH`.

    Pushes that cannot be placed, for they have wall-clock times and no `started_at` is known, are left out.
    """
    events = placed_events(log, timeline, started_at)
    placed = [(event.time, event.product_id) for event in events if event.type == PUSH]
    ends = [*(time for time, _ in placed), timeline.duration][1:]
    spans = [Span(time, min(end, time + LONGEST_PUSH)) for (time, _), end in zip(placed, ends, strict=True)]
    return tuple(_found(span, product) for span, (_, product) in zip(spans, placed, strict=True) if span.duration > 0)


def exact_names(transcript: Transcript, catalog: Catalog) -> tuple[Prediction, ...]:
    """Wherever a short name or an alias is said, letter by letter; namings at most `LONGEST_GAP` apart are one.

    Sentences that were not heard reliably count here too: the rival has no gate.
    """
    found = (_found(span, p.product_id) for p in catalog for span in _merged(_said(p, transcript)))
    return tuple(sorted(found, key=lambda prediction: prediction.span))


def _said(product: Product, transcript: Transcript) -> Iterator[Span]:
    names = sorted({name for name in (product.short_name, *product.aliases) if name.strip()}, key=len, reverse=True)
    if not names:
        return
    pattern = re.compile("|".join(map(_as_word, names)), re.IGNORECASE)
    for sentence in transcript.sentences:
        for hit in pattern.finditer(sentence.text):
            yield sentence.time_of(hit.start(), hit.end())


def _as_word(name: str) -> str:
    """A pattern for `name`. Latin words are whole words, "pan" is not in "expand"; Chinese has no such ends."""
    before = "(?<![A-Za-z0-9])" if name[0].isascii() and name[0].isalnum() else ""
    after = "(?![A-Za-z0-9])" if name[-1].isascii() and name[-1].isalnum() else ""
    return before + re.escape(name) + after


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    """`spans` in order of time, neighbours at most `LONGEST_GAP` apart made one."""
    ordered = sorted(spans)
    if not ordered:
        return
    breaks = [i for i, (a, b) in enumerate(pairwise(ordered), 1) if b.start - a.end > LONGEST_GAP]
    for first, after in pairwise([0, *breaks, len(ordered)]):
        yield Span(ordered[first].start, ordered[after - 1].end)


def _found(span: Span, product_id: str) -> Prediction:
    return Prediction(span, (product_id,), span.start, CERTAIN)
