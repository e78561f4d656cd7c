"""Fold all edits of a session into one decision for each highlight that was edited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, Moment
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Operation, Reject, Retitle, Split, check_times

Verdict = Literal["open", "approved", "rejected"]
"""`open`: changed, but neither approved nor rejected. A change approves what it changed."""

FixedField = Literal["product_ids", "start", "end", "seek", "title", "summary", "moments"]
APPROVED_FIELDS: frozenset[FixedField] = frozenset({"product_ids", "start", "end", "seek"})
FULL_CONFIDENCE = 1.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided about one highlight: its present values, the fields that they set, and how they first saw it.

    Later takes are matched to it by its product and span, the present or the first ones.
    """

    highlight: Highlight
    fixed_fields: frozenset[FixedField]
    first_product: str
    first_span: Span
    verdict: Verdict = "open"
    is_suggestion: bool = False

    @property
    def is_rejected(self) -> bool:
        return self.verdict == "rejected"

    @property
    def is_visible_to_viewers(self) -> bool:
        """A suggestion needs approval; a highlight stays one unless it is rejected."""
        return self.verdict == "approved" or (self.verdict == "open" and not self.is_suggestion)


Decisions = Mapping[str, Decision]
"""By highlight id, in the order of the first edits."""


def fold_edits(edits: Iterable[Edit]) -> Decisions:
    """Fold the edits, in order. Raises InvalidValue where one cannot follow those before it."""
    decisions: dict[str, Decision] = {}
    for edit in edits:
        fold_edit(decisions, edit)
    return decisions


def fold_edit(decisions: dict[str, Decision], edit: Edit) -> None:
    """Add one edit to the decisions made before it. Raises InvalidValue where it cannot follow those."""
    for highlight in edit.seen:
        is_suggestion = highlight.id in edit.suggested
        initial = replace(_initial_decision(highlight), is_suggestion=is_suggestion)
        decisions[highlight.id] = _refresh_decision(decisions.get(highlight.id, initial), highlight, is_suggestion)
    _apply_operation(edit.operation, decisions)


def _apply_operation(operation: Operation, decisions: dict[str, Decision]) -> None:
    match operation:
        case Approve():
            _approve(decisions, operation)
        case Reject():
            _reject(decisions, operation)
        case Move():
            _move(decisions, operation)
        case ChangeProduct():
            _change_product(decisions, operation)
        case Retitle():
            _retitle(decisions, operation)
        case Add():
            _add(decisions, operation)
        case Split():
            _split(decisions, operation)
        case Merge():
            _merge(decisions, operation)


def _initial_decision(highlight: Highlight) -> Decision:
    return Decision(highlight, frozenset(), highlight.product_ids[0], Span(highlight.start, highlight.end))


def _refresh_decision(decision: Decision, seen: Highlight, is_suggestion: bool) -> Decision:
    """The decision with its unset fields as the editor now saw them: the machine may have run since the last edit.

    Among rejected highlights nobody sees which were suggestions, so these stay what they were. A highlight that is
    visible to viewers is seen among the suggestions only while the catalogue lacks its product: it is none.
    """
    was_suggestion = (
        decision.is_suggestion if decision.is_rejected else is_suggestion and not decision.is_visible_to_viewers
    )
    return replace(decision, highlight=_apply_fixed_fields(seen, decision), is_suggestion=was_suggestion)


def apply_decision(highlight: Highlight, decision: Decision) -> Highlight:
    """`highlight` with the id, the status and all fields set in `decision`; moments outside its span are left out."""
    merged = _apply_fixed_fields(highlight, decision)
    return replace(merged, moments=_moments_in(merged, Span(merged.start, merged.end)))


def _apply_fixed_fields(highlight: Highlight, decision: Decision) -> Highlight:
    """`highlight` with the fields set in `decision`. All moments stay: edges may be moved back.

    Where the machine's new edges contradict an edge that people set, all edges are those of the decision. Texts about
    products that people replaced are cleared.
    """
    fixed_values = {name: getattr(decision.highlight, name) for name in ("id", "status", *decision.fixed_fields)}
    merged = _clear_stale_text(replace(highlight, **fixed_values), highlight.product_ids, decision.fixed_fields)
    if is_seek_inside(merged):
        return merged
    with_seek_at_start = replace(merged, seek=merged.start)
    if "seek" not in decision.fixed_fields and is_seek_inside(with_seek_at_start):
        return with_seek_at_start
    original = decision.highlight
    return replace(merged, start=original.start, end=original.end, seek=original.seek)


def is_seek_inside(highlight: Highlight) -> bool:
    """Whether a player lands inside the highlight."""
    return highlight.start <= highlight.seek < highlight.end


def _clear_stale_text(
    highlight: Highlight, described_product_ids: tuple[str, ...], fixed_fields: frozenset[FixedField]
) -> Highlight:
    """The highlight without texts about `described_product_ids` that do not hold for its own products.

    Unless people set it, the title is cleared when the products differ; `KnownProducts.with_title` fills it later. The
    other texts are cleared when the main product differs or a described product is gone.
    """
    product_ids = highlight.product_ids
    if described_product_ids == product_ids:
        return highlight
    retitled = highlight if "title" in fixed_fields else replace(highlight, title="")
    if _is_text_valid(described_product_ids, product_ids):
        return retitled
    summary = highlight.summary if "summary" in fixed_fields else ""
    moments = highlight.moments if "moments" in fixed_fields else ()
    return replace(retitled, summary=summary, moments=moments, reasons=())


def _is_text_valid(described_product_ids: tuple[str, ...], product_ids: tuple[str, ...]) -> bool:
    return described_product_ids[0] == product_ids[0] and set(described_product_ids) <= set(product_ids)


def _get_decision(decisions: Mapping[str, Decision], highlight_id: str) -> Decision:
    decision = decisions.get(highlight_id)
    if decision is None:
        raise InvalidValue(f"no highlight {highlight_id} was seen")
    return decision


def _update_decision(decision: Decision, *fields: FixedField, **changes: object) -> Decision:
    """The decision with `changes` to its highlight. Its status becomes "edited" unless it is "added"."""
    status = "added" if decision.highlight.status == "added" else "edited"
    changed = replace(decision.highlight, status=status, **changes)  # type: ignore[arg-type]  # of its own fields
    check_times(changed.start, changed.end, changed.seek)
    return replace(
        decision,
        highlight=changed,
        fixed_fields=decision.fixed_fields | set(fields),
        verdict="open" if decision.verdict == "rejected" else decision.verdict,
    )


def _approve(decisions: dict[str, Decision], operation: Approve) -> None:
    decision = _get_decision(decisions, operation.highlight)
    status = decision.highlight.status
    highlight = replace(decision.highlight, status="approved" if status == "auto" else status)
    decisions[operation.highlight] = replace(
        decision, highlight=highlight, fixed_fields=decision.fixed_fields | APPROVED_FIELDS, verdict="approved"
    )


def _reject(decisions: dict[str, Decision], operation: Reject) -> None:
    decisions[operation.highlight] = replace(_get_decision(decisions, operation.highlight), verdict="rejected")


def _move(decisions: dict[str, Decision], operation: Move) -> None:
    decision = _get_decision(decisions, operation.highlight)
    seek = _seek_after_move(decision, operation) if operation.seek is None else operation.seek
    requested: dict[FixedField, Seconds | None] = {"start": operation.start, "end": operation.end, "seek": seek}
    changes = {name: value for name, value in requested.items() if value is not None}
    decisions[operation.highlight] = _update_decision(decision, *changes, **changes)


def _seek_after_move(decision: Decision, operation: Move) -> Seconds | None:
    """The seek of a move that gives none: the new start, unless people chose a seek that is still inside."""
    highlight, start = decision.highlight, operation.start
    end = highlight.end if operation.end is None else operation.end
    is_chosen = "seek" in decision.fixed_fields and highlight.seek != highlight.start
    return highlight.seek if start is not None and is_chosen and start <= highlight.seek < end else start


def _change_product(decisions: dict[str, Decision], operation: ChangeProduct) -> None:
    """Change the products. Merged moments are the machine's texts: they go with the product that they are about."""
    decision = _get_decision(decisions, operation.highlight)
    old_product_ids, new_product_ids = decision.highlight.product_ids, operation.product_ids
    changed = _update_decision(decision, "product_ids", product_ids=new_product_ids)
    fixed_fields = (
        changed.fixed_fields if _is_text_valid(old_product_ids, new_product_ids) else changed.fixed_fields - {"moments"}
    )
    highlight = _clear_stale_text(changed.highlight, old_product_ids, fixed_fields)
    decisions[operation.highlight] = replace(changed, highlight=highlight, fixed_fields=fixed_fields)


def _retitle(decisions: dict[str, Decision], operation: Retitle) -> None:
    requested: dict[FixedField, str | None] = {"title": operation.title, "summary": operation.summary}
    changes = {name: value for name, value in requested.items() if value is not None}
    decisions[operation.highlight] = _update_decision(
        _get_decision(decisions, operation.highlight), *changes, **changes
    )


def _add(decisions: dict[str, Decision], operation: Add) -> None:
    _check_unused_id(decisions, operation.highlight)
    added = Highlight(
        id=operation.highlight,
        product_ids=operation.product_ids,
        start=operation.start,
        end=operation.end,
        seek=operation.start if operation.seek is None else operation.seek,
        confidence=FULL_CONFIDENCE,
        product_confidence=FULL_CONFIDENCE,
        start_confidence=FULL_CONFIDENCE,
        title=operation.title,
        summary=operation.summary,
        moments=(),
        reasons=(),
        thumbnail=None,
        take=1,
        best_take=False,
        status="added",
    )
    text_fields: frozenset[FixedField] = frozenset({"title", "summary"} if operation.title else {"summary"})
    decisions[added.id] = replace(
        _initial_decision(added), fixed_fields=APPROVED_FIELDS | text_fields, verdict="approved"
    )


def _split(decisions: dict[str, Decision], operation: Split) -> None:
    decision = _get_decision(decisions, operation.highlight)
    whole = decision.highlight
    _check_unused_id(decisions, operation.second)
    if not whole.start < operation.at < whole.end:
        raise InvalidValue(
            f"a split must lie inside the highlight, {whole.start} to {whole.end}, not at {operation.at}"
        )
    before = Span(whole.start, operation.at)
    seek = whole.seek if before.contains(whole.seek) else whole.start
    first = _update_decision(decision, "end", end=operation.at, seek=seek, moments=_moments_in(whole, before))
    remainder = replace(
        whole, id=operation.second, moments=_moments_in(whole, Span(operation.at, whole.end)), thumbnail=None
    )
    inherited = replace(decision, highlight=remainder, first_product=whole.product_ids[0])
    second = _update_decision(inherited, "start", "seek", start=operation.at, seek=operation.at)
    decisions[operation.highlight] = first
    decisions[operation.second] = replace(second, first_span=Span(operation.at, whole.end))


def _merge(decisions: dict[str, Decision], operation: Merge) -> None:
    parts = [
        _get_decision(decisions, highlight_id).highlight for highlight_id in (operation.highlight, *operation.others)
    ]
    first = min(parts, key=lambda part: part.start)
    end = max(part.end for part in parts)
    moments = {moment for part in parts for moment in part.moments}
    changes = {
        "start": first.start,
        "end": end,
        "seek": first.seek,
        "moments": tuple(sorted(moments, key=lambda moment: (moment.at, moment.kind, moment.quote))),
    }
    decisions[operation.highlight] = _update_decision(
        decisions[operation.highlight], "start", "end", "seek", "moments", **changes
    )
    for highlight_id in operation.others:
        decisions[highlight_id] = replace(decisions[highlight_id], verdict="rejected")


def _check_unused_id(decisions: Mapping[str, Decision], highlight_id: str) -> None:
    if highlight_id in decisions:
        raise InvalidValue(f"there is a highlight {highlight_id} already")


def _moments_in(highlight: Highlight, span: Span) -> tuple[Moment, ...]:
    return tuple(moment for moment in highlight.moments if span.contains(moment.at))
