"""The machine's takes and people's decisions made one: what people set is kept, the rest is the machine's.

A take keeps the id of the edited or published highlight of its main product with which it overlaps most, if the two
have at least `LEAST_IOU` in common; else that of one that an earlier revision had; else it gets one that this session
never promised to anything.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.clock import Span
from domain.highlight import Highlight, PublicProduct
from domain.review import Found, Published, Reviewed
from pipeline.review.decisions import Decision, Decisions, with_decided
from pipeline.review.product_names import Products
from pipeline.review.public_view import fresh_id

LEAST_IOU = 0.3
MOSTLY = 0.5  # a take of which people's highlight of its product covers more than that is no news to viewers


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


def merge_review(
    session_id: str, found: Found, decisions: Decisions, published: Published, listed: Sequence[PublicProduct]
) -> Reviewed:
    """What is shown after the review. Pure: the same arguments give the same answer, in any process.

    `listed`: the catalogue as viewers see it.
    """
    takes = (*found.highlights, *found.suggestions)
    ids = _ids(takes, _known(decisions, published))
    pictures = {identity: takes[place].thumbnail for place, identity in ids.items()}
    shown, below = _merged(session_id, found, decisions, published, ids)
    products = Products(listed, published.products)
    homeless = [highlight for highlight in shown if products.unknown_of(highlight)]
    shown = [highlight for highlight in shown if not products.unknown_of(highlight)]
    refused = tuple(
        products.named(_as_decided(each, pictures.get(identity)))
        for identity, each in decisions.items()
        if each.is_refused
    )
    return Reviewed(
        *_numbered([*map(products.named, shown)], [*map(products.named, (*below, *homeless))]),
        refused=tuple(sorted(refused, key=_by_time)),
        products=products.kept_of(shown),
        warnings=tuple(
            f"{each.id} is no highlight: the catalogue has no product {products.unknown_of(each)[0]} any more; "
            "give it another product, or list that one again"
            for each in homeless
        ),
    )


def _merged(
    session_id: str, found: Found, decisions: Decisions, published: Published, ids: Mapping[int, str]
) -> tuple[list[Highlight], list[Highlight]]:
    """Highlights and suggestions, titles left empty where people's products have none yet.

    `ids`: of what was edited or is published, by the place of its take.
    """
    takes = (*found.highlights, *found.suggestions)
    again = _ids(takes, _known_before(decisions, published), ids)
    ids = {**ids, **again}
    taken = {*decisions, *published.promised_ids, *(highlight.id for highlight in published.highlights)}
    shown, below = _not_found_any_more(decisions, set(ids.values()))
    for place, take in enumerate(takes):
        identity, is_highlight = ids.get(place), place < len(found.highlights)
        decision = decisions.get(identity or "")
        if decision is not None:
            if not decision.is_refused:
                (shown if is_highlight or decision.is_for_viewers else below).append(with_decided(take, decision))
            continue
        is_published = identity is not None and place not in again
        if is_published or not _is_refused(take, decisions):
            named = replace(take, id=identity or fresh_id(session_id, take, taken))
            taken.add(named.id)
            is_news = is_published or not _is_covered(take, decisions)
            (shown if is_highlight and is_news else below).append(named)
    return shown, below


def _not_found_any_more(decisions: Decisions, matched: Collection[str]) -> tuple[list[Highlight], list[Highlight]]:
    """What people want shown, and what they worked on, of which the machine finds nothing any more."""
    kept = [each for identity, each in decisions.items() if identity not in matched and not each.is_refused]
    wanted = [_as_decided(each) for each in kept if each.is_for_viewers]
    return wanted, [_as_decided(each) for each in kept if not each.is_for_viewers]


def _as_decided(decision: Decision, picture: str | None = None) -> Highlight:
    """Without a take there is no picture: one of that name would be another's."""
    return replace(with_decided(decision.highlight, decision), thumbnail=picture)


def span_of(highlight: Highlight) -> Span:
    """From its start to its end."""
    return Span(highlight.start, highlight.end)


def _known(decisions: Decisions, published: Published) -> list[_Known]:
    """What was edited, and what viewers have."""
    edited = [_Known(identity, _places(decision)) for identity, decision in decisions.items()]
    others = [highlight for highlight in published.highlights if highlight.id not in decisions]
    return [*edited, *(_Known(each.id, frozenset({(each.product_ids[0], span_of(each))})) for each in others)]


def _known_before(decisions: Decisions, published: Published) -> list[_Known]:
    """What viewers had in an earlier revision and have no more."""
    now = {*decisions, *(highlight.id for highlight in published.highlights)}
    gone = (promise for promise in published.promised if promise.highlight not in now)
    return [_Known(promise.highlight, frozenset({(promise.product, promise.span)})) for promise in gone]


def _places(decision: Decision) -> frozenset[tuple[str, Span]]:
    """As it is now, and as the machine saw it first: it may see the same again."""
    now = decision.highlight
    return frozenset({(now.product_ids[0], span_of(now)), (decision.first_product, decision.first_span)})


def _ids(takes: Sequence[Highlight], known: Sequence[_Known], settled: Collection[int] = ()) -> dict[int, str]:
    """Known ids by the place of their take, the likest pairs first; each id and each take once, none of `settled`."""
    ids: dict[int, str] = {}
    given: set[int] = set()
    for _, place, order in sorted(_alike(takes, known), key=lambda pair: (-pair[0], pair[1], pair[2])):
        if place not in ids and place not in settled and order not in given:
            ids[place] = known[order].id
            given.add(order)
    return ids


def _alike(takes: Sequence[Highlight], known: Sequence[_Known]) -> Iterator[tuple[float, int, int]]:
    """How much they have in common, and the places of a take and of something known, for all pairs with enough."""
    for place, take in enumerate(takes):
        for order, one in enumerate(known):
            if (likeness := one.likeness(take)) >= LEAST_IOU:
                yield likeness, place, order


def _is_refused(take: Highlight, decisions: Decisions) -> bool:
    """Whether people said that there is no such explanation: one refusal may meet several takes."""
    return any(
        product == take.product_ids[0] and _covers(span, take)
        for decision in decisions.values()
        if decision.is_refused
        for product, span in _places(decision)
    )


def _is_covered(take: Highlight, decisions: Decisions) -> bool:
    """Whether viewers have that explanation from people: of its product, or of one that people took for it."""
    return any(
        take.product_ids[0] in (each.highlight.product_ids[0], each.first_product)
        and _covers(span_of(each.highlight), take)
        for each in decisions.values()
        if each.is_for_viewers
    )


def _covers(span: Span, take: Highlight) -> bool:
    return span.overlap(span_of(take)) > MOSTLY * (take.end - take.start)


def _numbered(
    highlights: Sequence[Highlight], suggestions: Sequence[Highlight]
) -> tuple[tuple[Highlight, ...], tuple[Highlight, ...]]:
    """By time; takes counted anew for each main product, highlights first; one of them the best.

    Best is one that people saw to, then the one that the machine took for the best, then the surest.
    """
    shown, below = (sorted(each, key=_by_time) for each in (highlights, suggestions))
    of_product: dict[str, list[Highlight]] = {}
    for highlight in (*shown, *below):
        of_product.setdefault(highlight.product_ids[0], []).append(highlight)
    published = {highlight.id for highlight in shown}
    best = {_best([h for h in of_it if h.id in published] or of_it).id for of_it in of_product.values()}

    def numbered(highlight: Highlight) -> Highlight:
        number = of_product[highlight.product_ids[0]].index(highlight) + 1
        return replace(highlight, take=number, best_take=highlight.id in best)

    return tuple(map(numbered, shown)), tuple(map(numbered, below))


def _by_time(highlight: Highlight) -> tuple[float, float, str]:
    return highlight.start, highlight.end, highlight.id


def _best(highlights: Sequence[Highlight]) -> Highlight:
    return max(highlights, key=lambda h: (h.status != "auto", h.best_take, h.confidence, h.end - h.start))
