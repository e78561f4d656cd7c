"""The operations that make an edited file of what its editor was given."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from domain.errors import InvalidValue, ReviewError
from domain.highlight import Highlight
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Operation, Reject, Retitle, Split
from pipeline.review.decisions import decisions_of, fold
from pipeline.review.draft import Draft
from pipeline.review.edit_checks import check_possible
from pipeline.review.edited_file import REFUSED, REMEDY, EditedFile
from pipeline.review.merge_edits import span_of
from pipeline.review.public_view import ID_LENGTH

EDITABLE = ("start", "end", "seek", "product_ids", "title", "summary")
SWALLOWED = 0.9  # share of a removed highlight that another must cover to have been merged with it


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of the edited file, and where in it."""

    highlight: Highlight
    section: str
    index: int

    @property
    def where(self) -> str:
        return f"{self.section}[{self.index}]"


def edits_in(edited: EditedFile, seen: Draft) -> tuple[Edit, ...]:
    """What its editor did, as edits that follow those of `seen`. Raises ReviewError, which names the entry, where that
    cannot be."""
    made = dict(decisions_of(seen.edits.edits))
    edits = []
    for where, operation in _Difference(edited, seen).operations():
        edit = _edit(operation, seen)
        check_possible(operation, seen, where, REMEDY, made)
        with _told(where):
            fold(made, edit)
        edits.append(edit)
    return tuple(edits)


@contextmanager
def _told(where: str) -> Iterator[None]:
    try:
        yield
    except InvalidValue as problem:
        raise ReviewError(where, str(problem), REMEDY) from problem


def _edit(operation: Operation, draft: Draft) -> Edit:
    suggested = {highlight.id: highlight for highlight in draft.file.suggestions}
    shown = {highlight.id: highlight for highlight in (*draft.refused, *draft.file.highlights)} | suggested
    about = [operation.highlight, *(operation.others if isinstance(operation, Merge) else ())]
    seen = tuple(shown[identity] for identity in about if identity in shown)
    return Edit(operation, seen, tuple(identity for identity in about if identity in suggested))


Placed = tuple[str, Operation]
"""An operation, and the entry that asks for it."""


class _Difference:
    """Between what was seen and what was made of it."""

    def __init__(self, edited: EditedFile, seen: Draft) -> None:
        file = edited.file
        self._shown = {highlight.id: highlight for highlight in seen.file.highlights}
        self._below = {highlight.id: highlight for highlight in seen.file.suggestions}
        self._refused = {highlight.id: highlight for highlight in seen.refused}
        self._before = {**self._shown, **self._below}
        sections = (("highlights", file.highlights), ("suggestions", file.suggestions), (REFUSED, edited.refused))
        self._entries = [_Entry(h, name, index) for name, section in sections for index, h in enumerate(section)]
        self._used = {*self._before, *seen.published.promised_ids, *decisions_of(seen.edits.edits)}

    def operations(self) -> Iterator[Placed]:
        kept: dict[str, list[_Entry]] = {}
        refused = []
        for entry in self._entries:
            with _told(entry.where):
                added = self._addition(entry) if not entry.highlight.id else None
            if added:
                yield entry.where, added
            elif not self._stands_refused(entry):
                kept.setdefault(entry.highlight.id, []).append(entry)
            elif entry.highlight.id in self._before:
                refused.append(entry)
        for entry in refused:  # a part of what is split, or the whole
            if entry.highlight.id in kept:
                kept[entry.highlight.id].append(entry)
        removed = [highlight for identity, highlight in self._before.items() if identity not in kept]
        for entries in kept.values():
            yield from self._changes(sorted(entries, key=lambda entry: entry.highlight.start), removed)
        yield from ((highlight.id, Reject("reject", highlight.id)) for highlight in removed)

    def _stands_refused(self, entry: _Entry) -> bool:
        """Whether the entry stands where refused ones do: what was refused before cannot be changed there."""
        if entry.section != REFUSED:
            return False
        now = entry.highlight
        was = self._refused.get(now.id) or self._before.get(now.id)
        if was is None:
            raise ReviewError(entry.where, f"there is no highlight {now.id}", "put what is new among the highlights")
        if now.id in self._refused and any(getattr(was, name) != getattr(now, name) for name in EDITABLE):
            raise ReviewError(entry.where, "is changed, but still refused", "move it to the highlights too")
        return True

    def _addition(self, entry: _Entry) -> Add:
        new = entry.highlight
        if entry.section != "highlights":
            raise ReviewError(entry.where, "has no id: it was never there", "put what is new among the highlights")
        seek = None if new.seek == new.start else new.seek
        return Add("add", self._new_id(), new.product_ids, new.start, new.end, new.title, seek, new.summary)

    def _changes(self, entries: Sequence[_Entry], removed: list[Highlight]) -> Iterator[Placed]:
        before = self._was(entries[0])
        for entry in entries:
            self._check_section(entry)
        first, where = entries[0].highlight, entries[0].where
        parts = list(self._split(before, entries))
        yield from ((entry.where, split) for _, entry, split in parts if split is not None)
        swallowed = [h for h in removed if _is_swallowed(h, before, first)]
        if swallowed:
            removed[:] = [h for h in removed if h not in swallowed]
            yield where, Merge("merge", before.id, tuple(h.id for h in swallowed))
            parts[0] = (_merged(before, swallowed), entries[0], None)
        for was, entry, _ in parts:
            with _told(entry.where):
                yield from [(entry.where, operation) for operation in self._part(was, entry, before)]

    def _part(self, was: Highlight, entry: _Entry, before: Highlight) -> Iterator[Operation]:
        """What was done to a highlight, or to a part that splitting made as `was`, also by where it stands."""
        yield from _operations(was, entry.highlight)
        is_approved = entry.highlight.status == "approved" != before.status
        is_raised = before.id not in self._shown and entry.section == "highlights"
        if entry.section == REFUSED:
            yield Reject("reject", was.id)
        elif is_raised or is_approved:
            yield Approve("approve", was.id)

    def _was(self, entry: _Entry) -> Highlight:
        """What the entry was. Raises ReviewError where it was nothing."""
        identity = entry.highlight.id
        before = self._before.get(identity) or self._refused.get(identity)
        if before is None:
            raise ReviewError(entry.where, f"there is no highlight {identity}", "leave the id of a new one empty")
        return before

    def _check_section(self, entry: _Entry) -> None:
        """Raise ReviewError where the entry cannot stand where it stands now."""
        identity = entry.highlight.id
        if entry.section == "suggestions" and identity not in self._below:
            remedy = "remove it to refuse it, or let it stand among the highlights"
            raise ReviewError(entry.where, f"{identity} cannot be made a suggestion again", remedy)

    def _split(self, before: Highlight, entries: Sequence[_Entry]) -> Iterator[tuple[Highlight, _Entry, Split | None]]:
        """The parts of a highlight that has several entries: as splitting makes them, and as the editor wants them."""
        was = before
        for entry, following in zip(entries, [*entries[1:], None], strict=True):
            split, part, wanted = None, was, entry.highlight
            if following is not None:
                at = following.highlight.start
                if not was.start < at < was.end:
                    what = f"an entry of the split highlight {before.id} begins at {at}, outside of it"
                    raise ReviewError(following.where, what, REMEDY)
                split = Split("split", was.id, at, self._new_id())
                part = replace(was, end=at, seek=was.seek if was.seek < at else was.start)
            seek = part.seek if wanted.seek == before.seek and not _can_land(wanted) else wanted.seek
            yield part, replace(entry, highlight=replace(wanted, seek=seek)), split
            if split:
                was = replace(was, id=split.second, start=split.at, seek=split.at)

    def _new_id(self) -> str:
        while (identity := "h" + secrets.token_hex(ID_LENGTH // 2)) in self._used:
            pass
        self._used.add(identity)
        return identity


def _can_land(highlight: Highlight) -> bool:
    return highlight.start <= highlight.seek < highlight.end


def _is_swallowed(gone: Highlight, before: Highlight, now: Highlight) -> bool:
    grew = span_of(now).duration > span_of(before).duration
    covered = span_of(now).overlap(span_of(gone))
    is_same = gone.product_ids[:1] == now.product_ids[:1]
    return grew and is_same and covered >= SWALLOWED * span_of(gone).duration


def _merged(before: Highlight, others: Sequence[Highlight]) -> Highlight:
    """The highlight as merging makes it."""
    first = min((before, *others), key=lambda part: part.start)
    end = max(part.end for part in (before, *others))
    return replace(before, start=first.start, end=end, seek=first.seek)


def _operations(was: Highlight, now: Highlight) -> Iterator[Operation]:
    changed = {name: getattr(now, name) for name in EDITABLE if getattr(now, name) != getattr(was, name)}
    edges = {name: value for name, value in changed.items() if name in ("start", "end", "seek")}
    if "start" in edges and _can_land(now):
        edges["seek"] = now.seek  # an editor who leaves it there means it; one that lies outside now is left behind
    if edges:
        yield Move("move", was.id, **edges)
    if "product_ids" in changed:
        yield ChangeProduct("change_product", was.id, now.product_ids)
    words = {name: value for name, value in changed.items() if name in ("title", "summary")}
    if words:
        yield Retitle("retitle", was.id, **words)
