"""The machine's takes and people's decisions made one: what people set is kept, the rest is the machine's.

A take keeps the id of the edited or published highlight of its main product with which it overlaps most, if the two
have at least `MIN_IOU` in common; else that of one that an earlier revision had; else it gets one that this session
never promised to anything.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.clock import Span
from domain.highlight import Highlight, PublicProduct
from domain.review import MachineHighlights, PublishedHighlights, ReviewedHighlights
from pipeline.review.decisions import Decision, Decisions, apply_decision
from pipeline.review.product_names import KnownProducts
from pipeline.review.public_view import unused_id

MIN_IOU = 0.3
MIN_COVERED_SHARE = 0.5  # a take of which people's highlight of its product covers more than that is no news to viewers


@dataclass(frozen=True, slots=True)
class _KnownHighlight:
    """Something that has an id: where and as which product a later take of it may be found."""

    id: str
    occurrences: frozenset[tuple[str, Span]]

    def max_iou(self, take: Highlight) -> float:
        """The largest IoU with a place of the take's main product."""
        return max(
            (span_of(take).iou(span) for product, span in self.occurrences if product == take.product_ids[0]),
            default=0.0,
        )


def merge_review(
    session_id: str,
    machine_highlights: MachineHighlights,
    decisions: Decisions,
    published: PublishedHighlights,
    catalog_products: Sequence[PublicProduct],
) -> ReviewedHighlights:
    """What is shown after the review. Pure: the same arguments give the same answer, in any process.

    `catalog_products`: the catalogue as viewers see it.
    """
    takes = (*machine_highlights.highlights, *machine_highlights.suggestions)
    ids = _assign_ids(takes, _known_highlights(decisions, published))
    thumbnails = {identity: takes[place].thumbnail for place, identity in ids.items()}
    highlights, suggestions = _merge_takes(session_id, machine_highlights, decisions, published, ids)
    products = KnownProducts(catalog_products, published.products)
    without_product = [highlight for highlight in highlights if products.unknown_product_ids(highlight)]
    highlights = [highlight for highlight in highlights if not products.unknown_product_ids(highlight)]
    refused = tuple(
        products.with_title(_decided_highlight(each, thumbnails.get(identity)))
        for identity, each in decisions.items()
        if each.is_rejected
    )
    return ReviewedHighlights(
        *_number_takes(
            [*map(products.with_title, highlights)], [*map(products.with_title, (*suggestions, *without_product))]
        ),
        rejected=tuple(sorted(refused, key=_by_time)),
        products=products.delisted_products(highlights),
        warnings=tuple(
            f"{each.id} is no highlight: the catalogue has no product "
            f"{products.unknown_product_ids(each)[0]} any more; "
            "give it another product, or list that one again"
            for each in without_product
        ),
    )


def _merge_takes(
    session_id: str,
    machine_highlights: MachineHighlights,
    decisions: Decisions,
    published: PublishedHighlights,
    ids: Mapping[int, str],
) -> tuple[list[Highlight], list[Highlight]]:
    """Highlights and suggestions, titles left empty where people's products have none yet.

    `ids`: of what was edited or is published, by the place of its take.
    """
    takes = (*machine_highlights.highlights, *machine_highlights.suggestions)
    restored_ids = _assign_ids(takes, _earlier_highlights(decisions, published), ids)
    ids = {**ids, **restored_ids}
    used_ids = {*decisions, *published.published_highlight_ids, *(highlight.id for highlight in published.highlights)}
    highlights, suggestions = _unmatched_decisions(decisions, set(ids.values()))
    for take_index, take in enumerate(takes):
        highlight_id, is_highlight = ids.get(take_index), take_index < len(machine_highlights.highlights)
        decision = decisions.get(highlight_id or "")
        if decision is not None:
            if not decision.is_rejected:
                (highlights if is_highlight or decision.is_visible_to_viewers else suggestions).append(
                    apply_decision(take, decision)
                )
            continue
        is_published = highlight_id is not None and take_index not in restored_ids
        if is_published or not _is_refused(take, decisions):
            identified = replace(take, id=highlight_id or unused_id(session_id, take, used_ids))
            used_ids.add(identified.id)
            is_new = is_published or not _is_covered(take, decisions)
            (highlights if is_highlight and is_new else suggestions).append(identified)
    return highlights, suggestions


def _unmatched_decisions(decisions: Decisions, matched_ids: Collection[str]) -> tuple[list[Highlight], list[Highlight]]:
    """What people want shown, and what they worked on, of which the machine finds nothing any more."""
    unmatched = [each for identity, each in decisions.items() if identity not in matched_ids and not each.is_rejected]
    visible = [_decided_highlight(each) for each in unmatched if each.is_visible_to_viewers]
    return visible, [_decided_highlight(each) for each in unmatched if not each.is_visible_to_viewers]


def _decided_highlight(decision: Decision, thumbnail: str | None = None) -> Highlight:
    """Without a take there is no picture: one of that name would be another's."""
    return replace(apply_decision(decision.highlight, decision), thumbnail=thumbnail)


def span_of(highlight: Highlight) -> Span:
    """From its start to its end."""
    return Span(highlight.start, highlight.end)


def _known_highlights(decisions: Decisions, published: PublishedHighlights) -> list[_KnownHighlight]:
    """What was edited, and what viewers have."""
    edited = [_KnownHighlight(identity, _occurrences(decision)) for identity, decision in decisions.items()]
    others = [highlight for highlight in published.highlights if highlight.id not in decisions]
    return [*edited, *(_KnownHighlight(each.id, frozenset({(each.product_ids[0], span_of(each))})) for each in others)]


def _earlier_highlights(decisions: Decisions, published: PublishedHighlights) -> list[_KnownHighlight]:
    """What viewers had in an earlier revision and have no more."""
    current_ids = {*decisions, *(highlight.id for highlight in published.highlights)}
    earlier = (promise for promise in published.persistent_ids if promise.highlight_id not in current_ids)
    return [
        _KnownHighlight(promise.highlight_id, frozenset({(promise.product_id, promise.span)})) for promise in earlier
    ]


def _occurrences(decision: Decision) -> frozenset[tuple[str, Span]]:
    """As it is now, and as the machine saw it first: it may see the same again."""
    highlight = decision.highlight
    return frozenset({(highlight.product_ids[0], span_of(highlight)), (decision.first_product, decision.first_span)})


def _assign_ids(
    takes: Sequence[Highlight], known: Sequence[_KnownHighlight], excluded: Collection[int] = ()
) -> dict[int, str]:
    """Known ids by the place of their take, the likest pairs first; each id and each take once, none of `excluded`."""
    ids: dict[int, str] = {}
    assigned: set[int] = set()
    for _, take_index, known_index in sorted(
        _matching_pairs(takes, known), key=lambda pair: (-pair[0], pair[1], pair[2])
    ):
        if take_index not in ids and take_index not in excluded and known_index not in assigned:
            ids[take_index] = known[known_index].id
            assigned.add(known_index)
    return ids


def _matching_pairs(takes: Sequence[Highlight], known: Sequence[_KnownHighlight]) -> Iterator[tuple[float, int, int]]:
    """How much they have in common, and the places of a take and of something known, for all pairs with enough."""
    for take_index, take in enumerate(takes):
        for known_index, candidate in enumerate(known):
            if (iou := candidate.max_iou(take)) >= MIN_IOU:
                yield iou, take_index, known_index


def _is_refused(take: Highlight, decisions: Decisions) -> bool:
    """Whether people said that there is no such explanation: one refusal may meet several takes."""
    return any(
        product == take.product_ids[0] and _covers_most_of(span, take)
        for decision in decisions.values()
        if decision.is_rejected
        for product, span in _occurrences(decision)
    )


def _is_covered(take: Highlight, decisions: Decisions) -> bool:
    """Whether viewers have that explanation from people: of its product, or of one that people took for it."""
    return any(
        take.product_ids[0] in (each.highlight.product_ids[0], each.first_product)
        and _covers_most_of(span_of(each.highlight), take)
        for each in decisions.values()
        if each.is_visible_to_viewers
    )


def _covers_most_of(span: Span, take: Highlight) -> bool:
    return span.overlap(span_of(take)) > MIN_COVERED_SHARE * (take.end - take.start)


def _number_takes(
    highlights: Sequence[Highlight], suggestions: Sequence[Highlight]
) -> tuple[tuple[Highlight, ...], tuple[Highlight, ...]]:
    """By time; takes counted anew for each main product, highlights first; one of them the best.

    Best is one that people saw to, then the one that the machine took for the best, then the surest.
    """
    visible, hidden = (sorted(each, key=_by_time) for each in (highlights, suggestions))
    by_product: dict[str, list[Highlight]] = {}
    for highlight in (*visible, *hidden):
        by_product.setdefault(highlight.product_ids[0], []).append(highlight)
    visible_ids = {highlight.id for highlight in visible}
    best_ids = {_best_highlight([h for h in of_it if h.id in visible_ids] or of_it).id for of_it in by_product.values()}

    def with_number(highlight: Highlight) -> Highlight:
        number = by_product[highlight.product_ids[0]].index(highlight) + 1
        return replace(highlight, take=number, best_take=highlight.id in best_ids)

    return tuple(map(with_number, visible)), tuple(map(with_number, hidden))


def _by_time(highlight: Highlight) -> tuple[float, float, str]:
    return highlight.start, highlight.end, highlight.id


def _best_highlight(highlights: Sequence[Highlight]) -> Highlight:
    return max(highlights, key=lambda h: (h.status != "auto", h.best_take, h.confidence, h.end - h.start))
