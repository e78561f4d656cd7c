"""Merge the machine's takes with people's decisions: what people set stays, the rest is the machine's.

A take keeps the id of the edited or published highlight of its main product with the largest IoU, if that reaches
`MIN_IOU`; else that of a highlight of an earlier revision; else it gets an id that this session never published.
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
MIN_COVERED_SHARE = 0.5  # a take is the same explanation if people's highlight of its product covers more of it


@dataclass(frozen=True, slots=True)
class _KnownHighlight:
    """A highlight with a persistent id, and the products and spans by which a later take of it is recognised."""

    id: str
    occurrences: frozenset[tuple[str, Span]]

    def max_iou(self, take: Highlight) -> float:
        """The largest IoU with an occurrence of the take's main product."""
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
    """Highlights, suggestions and rejected highlights after the review. A pure function of its arguments.

    `catalog_products`: the catalogue as viewers see it.
    """
    takes = (*machine_highlights.highlights, *machine_highlights.suggestions)
    ids = _assign_ids(takes, _known_highlights(decisions, published))
    thumbnails = {highlight_id: takes[index].thumbnail for index, highlight_id in ids.items()}
    highlights, suggestions = _merge_takes(session_id, machine_highlights, decisions, published, ids)
    products = KnownProducts(catalog_products, published.products)
    without_product = [highlight for highlight in highlights if products.unknown_product_ids(highlight)]
    highlights = [highlight for highlight in highlights if not products.unknown_product_ids(highlight)]
    rejected = tuple(
        products.with_title(_decided_highlight(decision, thumbnails.get(highlight_id)))
        for highlight_id, decision in decisions.items()
        if decision.is_rejected
    )
    return ReviewedHighlights(
        *_number_takes(
            [*map(products.with_title, highlights)], [*map(products.with_title, (*suggestions, *without_product))]
        ),
        rejected=tuple(sorted(rejected, key=_by_time)),
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
    """Highlights and suggestions. A title is empty where people changed the products and gave none.

    `ids`: of edited and published highlights, by the index of their take.
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
        if is_published or not _is_rejected(take, decisions):
            identified = replace(take, id=highlight_id or unused_id(session_id, take, used_ids))
            used_ids.add(identified.id)
            is_new = is_published or not _is_covered(take, decisions)
            (highlights if is_highlight and is_new else suggestions).append(identified)
    return highlights, suggestions


def _unmatched_decisions(decisions: Decisions, matched_ids: Collection[str]) -> tuple[list[Highlight], list[Highlight]]:
    """Edited highlights and suggestions that no take matches any more."""
    unmatched = [each for each_id, each in decisions.items() if each_id not in matched_ids and not each.is_rejected]
    visible = [_decided_highlight(each) for each in unmatched if each.is_visible_to_viewers]
    return visible, [_decided_highlight(each) for each in unmatched if not each.is_visible_to_viewers]


def _decided_highlight(decision: Decision, thumbnail: str | None = None) -> Highlight:
    """The highlight as decided. Without a take it has no thumbnail: its old file may now show another take."""
    return replace(apply_decision(decision.highlight, decision), thumbnail=thumbnail)


def span_of(highlight: Highlight) -> Span:
    """From the highlight's start to its end."""
    return Span(highlight.start, highlight.end)


def _known_highlights(decisions: Decisions, published: PublishedHighlights) -> list[_KnownHighlight]:
    """Edited highlights, and the others that viewers have."""
    edited = [_KnownHighlight(each_id, _occurrences(decision)) for each_id, decision in decisions.items()]
    others = [highlight for highlight in published.highlights if highlight.id not in decisions]
    return [*edited, *(_KnownHighlight(each.id, frozenset({(each.product_ids[0], span_of(each))})) for each in others)]


def _earlier_highlights(decisions: Decisions, published: PublishedHighlights) -> list[_KnownHighlight]:
    """Highlights of earlier revisions that viewers no longer have."""
    current_ids = {*decisions, *(highlight.id for highlight in published.highlights)}
    earlier = (each for each in published.persistent_ids if each.highlight_id not in current_ids)
    return [_KnownHighlight(each.highlight_id, frozenset({(each.product_id, each.span)})) for each in earlier]


def _occurrences(decision: Decision) -> frozenset[tuple[str, Span]]:
    """Main product and span as they are now, and as the machine first found them: it may find the same again."""
    highlight = decision.highlight
    return frozenset({(highlight.product_ids[0], span_of(highlight)), (decision.first_product, decision.first_span)})


def _assign_ids(
    takes: Sequence[Highlight], known: Sequence[_KnownHighlight], excluded: Collection[int] = ()
) -> dict[int, str]:
    """Ids by the index of their take, assigned by falling IoU, each once. Takes in `excluded` get none."""
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
    """IoU, index of the take and index of the known highlight, for all pairs that reach `MIN_IOU`."""
    for take_index, take in enumerate(takes):
        for known_index, candidate in enumerate(known):
            if (iou := candidate.max_iou(take)) >= MIN_IOU:
                yield iou, take_index, known_index


def _is_rejected(take: Highlight, decisions: Decisions) -> bool:
    """Whether people rejected this explanation. One rejection may cover several takes."""
    return any(
        product == take.product_ids[0] and _covers_most_of(span, take)
        for decision in decisions.values()
        if decision.is_rejected
        for product, span in _occurrences(decision)
    )


def _is_covered(take: Highlight, decisions: Decisions) -> bool:
    """Whether a visible highlight of people covers the take: it has the take's product, or had it at first."""
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
    """Sorted by time, with takes numbered for each main product, highlights before suggestions; one is the best take.

    The best take is one that people edited, else the machine's best, else the one with the highest confidence.
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
