"""The machine's takes and people's decisions made one: what people set is kept, the rest is the machine's.

A take keeps the id of the edited or published highlight of its main product with which it overlaps most, if the two
have at least `LEAST_IOU` in common; else it gets one that this session never promised to anything.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from domain.clock import Span
from domain.highlight import Highlight
from domain.review import Found, Published, Reviewed
from pipeline.publishing import fresh_id
from pipeline.review.decisions import Decision, Decisions, with_decided

LEAST_IOU = 0.3
MOSTLY = 0.5  # a take that people's highlights cover more than that is no news to viewers


@dataclass(frozen=True, slots=True)
class _Known:
    """Something that has an id: where and as which product a later take of it may be found."""

    id: str
    places: frozenset[tuple[str, Span]]

    def likeness(self, take: Highlight) -> float:
        """The largest IoU with a place of the take's main product."""
        return max(
            (span_of(take).iou(span) for product, span in self.places if product == take.product_ids[0]), default=0.0
        )


def merge_review(session_id: str, found: Found, decisions: Decisions, published: Published) -> Reviewed:
    """What is shown after the review. Pure: the same arguments give the same answer, in any process."""
    takes = (*found.highlights, *found.suggestions)
    ids = _ids(takes, _known(decisions, published))
    taken = {*decisions, *published.promised, *(highlight.id for highlight in published.highlights)}
    shown, below = _not_found_any_more(decisions, set(ids.values()))
    for place, take in enumerate(takes):
        identity, is_highlight = ids.get(place), place < len(found.highlights)
        decision = decisions.get(identity or "")
        if decision is not None:
            if not decision.is_refused:
                (shown if is_highlight or decision.is_for_viewers else below).append(with_decided(take, decision))
        elif identity or not _is_refused(take, decisions):
            named = replace(take, id=identity or fresh_id(session_id, take, taken))
            taken.add(named.id)
            (shown if is_highlight and not _is_covered(take, decisions) else below).append(named)
    return Reviewed(*_numbered(shown, below))


def _not_found_any_more(decisions: Decisions, matched: Collection[str]) -> tuple[list[Highlight], list[Highlight]]:
    """What people want shown, and what they worked on, of which the machine finds nothing any more."""
    kept = [each for identity, each in decisions.items() if identity not in matched and not each.is_refused]
    wanted = [each.highlight for each in kept if each.is_for_viewers]
    return wanted, [each.highlight for each in kept if not each.is_for_viewers]


def span_of(highlight: Highlight) -> Span:
    """From its start to its end."""
    return Span(highlight.start, highlight.end)


def _known(decisions: Decisions, published: Published) -> list[_Known]:
    edited = [_Known(identity, _places(decision)) for identity, decision in decisions.items()]
    others = [highlight for highlight in published.highlights if highlight.id not in decisions]
    return [*edited, *(_Known(each.id, frozenset({(each.product_ids[0], span_of(each))})) for each in others)]


def _places(decision: Decision) -> frozenset[tuple[str, Span]]:
    """As it is now, and as the machine saw it first: it may see the same again."""
    now = decision.highlight
    return frozenset({(now.product_ids[0], span_of(now)), (decision.first_product, decision.first_span)})


def _ids(takes: Sequence[Highlight], known: Sequence[_Known]) -> dict[int, str]:
    """Known ids by the place of their take, the likest pairs first; each id and each take once."""
    pairs = ((one.likeness(take), place, order) for place, take in enumerate(takes) for order, one in enumerate(known))
    ids: dict[int, str] = {}
    given: set[int] = set()
    for _, place, order in sorted((pair for pair in pairs if pair[0] >= LEAST_IOU), key=lambda p: (-p[0], p[1], p[2])):
        if place not in ids and order not in given:
            ids[place] = known[order].id
            given.add(order)
    return ids


def _is_refused(take: Highlight, decisions: Decisions) -> bool:
    """Whether people said that there is no such explanation: one refusal may meet several takes."""
    return any(
        product == take.product_ids[0] and _covers(span, take)
        for decision in decisions.values()
        if decision.is_refused
        for product, span in _places(decision)
    )


def _is_covered(take: Highlight, decisions: Decisions) -> bool:
    """Whether people saw to that stretch already."""
    return any(_covers(span_of(each.highlight), take) for each in decisions.values() if each.is_for_viewers)


def _covers(span: Span, take: Highlight) -> bool:
    return span.overlap(span_of(take)) > MOSTLY * (take.end - take.start)


def _numbered(
    highlights: Sequence[Highlight], suggestions: Sequence[Highlight]
) -> tuple[tuple[Highlight, ...], tuple[Highlight, ...]]:
    """By time; takes counted anew for each main product, highlights first; one of them the best.

    Best is one that people saw to, then the one that the machine took for the best, then the surest.
    """
    shown, below = (sorted(each, key=lambda h: (h.start, h.end, h.id)) for each in (highlights, suggestions))
    of_product: dict[str, list[Highlight]] = {}
    for highlight in (*shown, *below):
        of_product.setdefault(highlight.product_ids[0], []).append(highlight)
    published = {highlight.id for highlight in shown}
    best = {_best([h for h in of_it if h.id in published] or of_it).id for of_it in of_product.values()}

    def numbered(highlight: Highlight) -> Highlight:
        number = of_product[highlight.product_ids[0]].index(highlight) + 1
        return replace(highlight, take=number, best_take=highlight.id in best)

    return tuple(map(numbered, shown)), tuple(map(numbered, below))


def _best(highlights: Sequence[Highlight]) -> Highlight:
    return max(highlights, key=lambda h: (h.status != "auto", h.best_take, h.confidence, h.end - h.start))
