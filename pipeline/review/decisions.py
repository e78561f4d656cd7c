"""All edits of a session, folded into one decision for each highlight that somebody touched."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from domain.clock import Seconds, Span
from domain.errors import InvalidValue
from domain.highlight import Highlight, Moment
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Operation, Reject, Retitle, Split, check_edges

Verdict = Literal["open", "approved", "rejected"]
"""`open`: changed, but neither confirmed nor refused. A change is as good as a confirmation for what it changed."""

Fixed = Literal["product_ids", "start", "end", "seek", "title", "summary", "moments"]
APPROVED: frozenset[Fixed] = frozenset({"product_ids", "start", "end", "seek"})
SURE = 1.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided about one highlight: how it is now, which fields are theirs, and how it was first seen.

    By its product and span, now or first, it is found among later takes.
    """

    highlight: Highlight
    fixed: frozenset[Fixed]
    first_product: str
    first_span: Span
    verdict: Verdict = "open"
    is_suggestion: bool = False

    @property
    def is_refused(self) -> bool:
        return self.verdict == "rejected"

    @property
    def is_for_viewers(self) -> bool:
        """A suggestion needs somebody's approval; what was a highlight stays one unless somebody refused it."""
        return self.verdict == "approved" or (self.verdict == "open" and not self.is_suggestion)


Decisions = Mapping[str, Decision]
"""By the highlight's id, in the order of the first edits."""


def decisions_of(edits: Iterable[Edit]) -> Decisions:
    """Fold the edits, in order. Raises InvalidValue where one cannot follow those before it."""
    made: dict[str, Decision] = {}
    for edit in edits:
        fold(made, edit)
    return made


def fold(made: dict[str, Decision], edit: Edit) -> None:
    """Add one edit to the decisions made before it. Raises InvalidValue where it cannot follow those."""
    for highlight in edit.seen:
        is_suggestion = highlight.id in edit.suggested
        first = replace(_untouched(highlight), is_suggestion=is_suggestion)
        made[highlight.id] = _seen_again(made.get(highlight.id, first), highlight, is_suggestion)
    _carry_out(edit.operation, made)


def _carry_out(operation: Operation, made: dict[str, Decision]) -> None:
    match operation:
        case Approve():
            _approve(made, operation)
        case Reject():
            _reject(made, operation)
        case Move():
            _move(made, operation)
        case ChangeProduct():
            _change_product(made, operation)
        case Retitle():
            _retitle(made, operation)
        case Add():
            _add(made, operation)
        case Split():
            _split(made, operation)
        case Merge():
            _merge(made, operation)


def _untouched(highlight: Highlight) -> Decision:
    return Decision(highlight, frozenset(), highlight.product_ids[0], Span(highlight.start, highlight.end))


def _seen_again(decision: Decision, seen: Highlight, is_suggestion: bool) -> Decision:
    """The machine may have judged anew since the last edit: what people did not set is as it was seen this time.

    Among what was refused nobody sees which were suggestions: they are what they were. What is for viewers is seen
    among the suggestions only while the catalogue lacks its product: it is none.
    """
    was = decision.is_suggestion if decision.is_refused else is_suggestion and not decision.is_for_viewers
    return replace(decision, highlight=_decided(seen, decision), is_suggestion=was)


def with_decided(highlight: Highlight, decision: Decision) -> Highlight:
    """`highlight` with all that people set in `decision`, under its id and status, and its moments within its edges."""
    decided = _decided(highlight, decision)
    return replace(decided, moments=_moments_in(decided, Span(decided.start, decided.end)))


def _decided(highlight: Highlight, decision: Decision) -> Highlight:
    """With all moments: edges that are moved back show them again.

    Where one edge is people's and the machine's others no longer fit it, all are as they were. What the machine said of
    products that people took away is not said of theirs.
    """
    kept = {name: getattr(decision.highlight, name) for name in ("id", "status", *decision.fixed)}
    merged = _without_words_of_others(replace(highlight, **kept), highlight.product_ids, decision.fixed)
    if _fits(merged):
        return merged
    landing = replace(merged, seek=merged.start)
    if "seek" not in decision.fixed and _fits(landing):
        return landing
    was = decision.highlight
    return replace(merged, start=was.start, end=was.end, seek=was.seek)


def _fits(highlight: Highlight) -> bool:
    return highlight.start <= highlight.seek < highlight.end


def _without_words_of_others(highlight: Highlight, said_of: tuple[str, ...], fixed: frozenset[Fixed]) -> Highlight:
    """Without what was said of the products `said_of` and cannot be said of the highlight's own.

    With other products the machine's title is wrong: it is left empty, and filled where it is shown by what the
    products are called then. Its other words are wrong where another product is the main one, or one of them is gone.
    """
    now = highlight.product_ids
    if said_of == now:
        return highlight
    renamed = highlight if "title" in fixed else replace(highlight, title="")
    if _are_words_true(said_of, now):
        return renamed
    summary = highlight.summary if "summary" in fixed else ""
    moments = highlight.moments if "moments" in fixed else ()
    return replace(renamed, summary=summary, moments=moments, reasons=())


def _are_words_true(said_of: tuple[str, ...], now: tuple[str, ...]) -> bool:
    return said_of[0] == now[0] and set(said_of) <= set(now)


def _of(made: Mapping[str, Decision], identity: str) -> Decision:
    decision = made.get(identity)
    if decision is None:
        raise InvalidValue(f"no highlight {identity} was seen")
    return decision


def _set(decision: Decision, *fixed: Fixed, **changes: object) -> Decision:
    """The decision with `changes` to its highlight, which is "edited" from now on unless somebody added it."""
    status = "added" if decision.highlight.status == "added" else "edited"
    changed = replace(decision.highlight, status=status, **changes)  # type: ignore[arg-type]  # of its own fields
    check_edges(changed.start, changed.end, changed.seek)
    return replace(
        decision,
        highlight=changed,
        fixed=decision.fixed | set(fixed),
        verdict="open" if decision.verdict == "rejected" else decision.verdict,
    )


def _approve(made: dict[str, Decision], operation: Approve) -> None:
    decision = _of(made, operation.highlight)
    was = decision.highlight.status
    highlight = replace(decision.highlight, status="approved" if was == "auto" else was)
    made[operation.highlight] = replace(
        decision, highlight=highlight, fixed=decision.fixed | APPROVED, verdict="approved"
    )


def _reject(made: dict[str, Decision], operation: Reject) -> None:
    made[operation.highlight] = replace(_of(made, operation.highlight), verdict="rejected")


def _move(made: dict[str, Decision], operation: Move) -> None:
    decision = _of(made, operation.highlight)
    seek = _landing(decision, operation) if operation.seek is None else operation.seek
    wanted: dict[Fixed, Seconds | None] = {"start": operation.start, "end": operation.end, "seek": seek}
    given = {name: value for name, value in wanted.items() if value is not None}
    made[operation.highlight] = _set(decision, *given, **given)


def _landing(decision: Decision, operation: Move) -> Seconds | None:
    """Where a move that gives no seek lets players land: at a new start, unless people chose a place inside."""
    was, start = decision.highlight, operation.start
    end = was.end if operation.end is None else operation.end
    is_chosen = "seek" in decision.fixed and was.seek != was.start
    return was.seek if start is not None and is_chosen and start <= was.seek < end else start


def _change_product(made: dict[str, Decision], operation: ChangeProduct) -> None:
    """Moments that were merged are the machine's words: they go with its product."""
    was = _of(made, operation.highlight)
    said_of, now = was.highlight.product_ids, operation.product_ids
    changed = _set(was, "product_ids", product_ids=now)
    fixed = changed.fixed if _are_words_true(said_of, now) else changed.fixed - {"moments"}
    highlight = _without_words_of_others(changed.highlight, said_of, fixed)
    made[operation.highlight] = replace(changed, highlight=highlight, fixed=fixed)


def _retitle(made: dict[str, Decision], operation: Retitle) -> None:
    wanted: dict[Fixed, str | None] = {"title": operation.title, "summary": operation.summary}
    given = {name: value for name, value in wanted.items() if value is not None}
    made[operation.highlight] = _set(_of(made, operation.highlight), *given, **given)


def _add(made: dict[str, Decision], operation: Add) -> None:
    _check_new(made, operation.highlight)
    added = Highlight(
        id=operation.highlight,
        product_ids=operation.product_ids,
        start=operation.start,
        end=operation.end,
        seek=operation.start if operation.seek is None else operation.seek,
        confidence=SURE,
        title=operation.title,
        summary=operation.summary,
        moments=(),
        reasons=(),
        thumbnail=None,
        take=1,
        best_take=False,
        status="added",
    )
    words: frozenset[Fixed] = frozenset({"title", "summary"} if operation.title else {"summary"})
    made[added.id] = replace(_untouched(added), fixed=APPROVED | words, verdict="approved")


def _split(made: dict[str, Decision], operation: Split) -> None:
    decision = _of(made, operation.highlight)
    whole = decision.highlight
    _check_new(made, operation.second)
    if not whole.start < operation.at < whole.end:
        raise InvalidValue(
            f"a split must lie inside the highlight, {whole.start} to {whole.end}, not at {operation.at}"
        )
    before = Span(whole.start, operation.at)
    seek = whole.seek if before.holds(whole.seek) else whole.start
    first = _set(decision, "end", end=operation.at, seek=seek, moments=_moments_in(whole, before))
    rest = replace(
        whole, id=operation.second, moments=_moments_in(whole, Span(operation.at, whole.end)), thumbnail=None
    )
    inherited = replace(decision, highlight=rest, first_product=whole.product_ids[0])
    second = _set(inherited, "start", "seek", start=operation.at, seek=operation.at)
    made[operation.highlight] = first
    made[operation.second] = replace(second, first_span=Span(operation.at, whole.end))


def _merge(made: dict[str, Decision], operation: Merge) -> None:
    parts = [_of(made, identity).highlight for identity in (operation.highlight, *operation.others)]
    first = min(parts, key=lambda part: part.start)
    end = max(part.end for part in parts)
    moments = {moment for part in parts for moment in part.moments}
    whole = {
        "start": first.start,
        "end": end,
        "seek": first.seek,
        "moments": tuple(sorted(moments, key=lambda moment: (moment.at, moment.kind, moment.quote))),
    }
    made[operation.highlight] = _set(made[operation.highlight], "start", "end", "seek", "moments", **whole)
    for identity in operation.others:
        made[identity] = replace(made[identity], verdict="rejected")


def _check_new(made: Mapping[str, Decision], identity: str) -> None:
    if identity in made:
        raise InvalidValue(f"there is a highlight {identity} already")


def _moments_in(highlight: Highlight, span: Span) -> tuple[Moment, ...]:
    return tuple(moment for moment in highlight.moments if span.holds(moment.at))
