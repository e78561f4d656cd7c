"""Compare an edited file with the draft that was exported, and express the difference as edits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from domain.errors import ReviewError
from domain.highlight import Highlight
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Operation, Reject, Retitle, Split
from pipeline.review.decisions import fold_edit, fold_edits, is_seek_inside
from pipeline.review.draft import Draft
from pipeline.review.edit_checks import check_operation, review_errors_at
from pipeline.review.edited_file import REFUSED_KEY, REMEDY, EditedFile
from pipeline.review.make_edit import make_edit, random_id
from pipeline.review.merge_edits import span_of

EDITABLE_FIELDS = ("start", "end", "seek", "product_ids", "title", "summary")
MIN_MERGED_COVERAGE = 0.9  # share of a removed highlight that another must cover to count as merged with it


@dataclass(frozen=True, slots=True)
class _EditedEntry:
    """An entry of the edited file, with its section and index there."""

    highlight: Highlight
    section: str
    index: int

    @property
    def location(self) -> str:
        return f"{self.section}[{self.index}]"


def diff_edits(edited: EditedFile, exported_draft: Draft) -> tuple[Edit, ...]:
    """What the editor changed, as edits that follow those of `exported_draft`.

    Raises ReviewError, which names the entry, for a change that is not possible.
    """
    decisions = dict(fold_edits(exported_draft.edits.edits))
    edits = []
    for location, operation in _DraftDifference(edited, exported_draft).operations():
        edit = make_edit(operation, exported_draft)
        check_operation(operation, exported_draft, location, REMEDY, decisions)
        with review_errors_at(location, REMEDY):
            fold_edit(decisions, edit)
        edits.append(edit)
    return tuple(edits)


LocatedOperation = tuple[str, Operation]
"""The location of an entry, and an operation that it asks for."""


class _DraftDifference:
    """The difference between the exported draft and the edited file."""

    def __init__(self, edited: EditedFile, seen: Draft) -> None:
        file = edited.file
        self._visible = {highlight.id: highlight for highlight in seen.file.highlights}
        self._suggestions = {highlight.id: highlight for highlight in seen.file.suggestions}
        self._refused = {highlight.id: highlight for highlight in seen.refused}
        self._originals = {**self._visible, **self._suggestions}
        sections = (("highlights", file.highlights), ("suggestions", file.suggestions), (REFUSED_KEY, edited.refused))
        self._entries = [_EditedEntry(h, name, index) for name, section in sections for index, h in enumerate(section)]
        self._used_ids = set(seen.used_ids)

    def operations(self) -> Iterator[LocatedOperation]:
        entries_by_id: dict[str, list[_EditedEntry]] = {}
        refused = []
        for entry in self._entries:
            with review_errors_at(entry.location, REMEDY):
                addition = self._add_operation(entry) if not entry.highlight.id else None
            if addition:
                yield entry.location, addition
            elif not self._is_refused_entry(entry):
                entries_by_id.setdefault(entry.highlight.id, []).append(entry)
            elif entry.highlight.id in self._originals:
                refused.append(entry)
        for entry in refused:  # a part of a split highlight
            if entry.highlight.id in entries_by_id:
                entries_by_id[entry.highlight.id].append(entry)
        removed = [highlight for identity, highlight in self._originals.items() if identity not in entries_by_id]
        for entries in entries_by_id.values():
            yield from self._entry_operations(sorted(entries, key=lambda entry: entry.highlight.start), removed)
        yield from ((highlight.id, Reject("reject", highlight.id)) for highlight in removed)

    def _is_refused_entry(self, entry: _EditedEntry) -> bool:
        """Whether the entry is in the section of rejected ones. Raises ReviewError if it is new or changed there."""
        if entry.section != REFUSED_KEY:
            return False
        edited = entry.highlight
        original = self._refused.get(edited.id) or self._originals.get(edited.id)
        if original is None:
            raise ReviewError(
                entry.location, f"there is no highlight {edited.id}", "put what is new among the highlights"
            )
        if edited.id in self._refused and any(
            getattr(original, name) != getattr(edited, name) for name in EDITABLE_FIELDS
        ):
            raise ReviewError(entry.location, "is changed, but still refused", "move it to the highlights too")
        return True

    def _add_operation(self, entry: _EditedEntry) -> Add:
        new = entry.highlight
        if entry.section != "highlights":
            raise ReviewError(entry.location, "has no id: it was never there", "put what is new among the highlights")
        seek = None if new.seek == new.start else new.seek
        return Add("add", self._unused_id(), new.product_ids, new.start, new.end, new.title, seek, new.summary)

    def _entry_operations(
        self, entries: Sequence[_EditedEntry], removed: list[Highlight]
    ) -> Iterator[LocatedOperation]:
        original = self._find_original(entries[0])
        for entry in entries:
            self._check_section(entry)
        first, location = entries[0].highlight, entries[0].location
        parts = list(self._split_parts(original, entries))
        yield from ((entry.location, split) for _, entry, split in parts if split is not None)
        merged = [h for h in removed if _is_merged_into(h, original, first)]
        if merged:
            removed[:] = [h for h in removed if h not in merged]
            yield location, Merge("merge", original.id, tuple(h.id for h in merged))
            parts[0] = (_merge_highlights(original, merged), entries[0], None)
        for part, entry, _ in parts:
            with review_errors_at(entry.location, REMEDY):
                yield from [(entry.location, operation) for operation in self._part_operations(part, entry, original)]

    def _part_operations(self, part: Highlight, entry: _EditedEntry, original: Highlight) -> Iterator[Operation]:
        """What changes `part`, a highlight or what splitting made of it, to the entry. Its section counts too."""
        yield from _field_operations(part, entry.highlight)
        is_approved = entry.highlight.status == "approved" != original.status
        is_promoted = original.id not in self._visible and entry.section == "highlights"
        if entry.section == REFUSED_KEY:
            yield Reject("reject", part.id)
        elif is_promoted or is_approved:
            yield Approve("approve", part.id)

    def _find_original(self, entry: _EditedEntry) -> Highlight:
        """The exported highlight with the entry's id. Raises ReviewError where there is none."""
        highlight_id = entry.highlight.id
        original = self._originals.get(highlight_id) or self._refused.get(highlight_id)
        if original is None:
            raise ReviewError(
                entry.location, f"there is no highlight {highlight_id}", "leave the id of a new one empty"
            )
        return original

    def _check_section(self, entry: _EditedEntry) -> None:
        """Raise ReviewError where a highlight was moved to the suggestions."""
        highlight_id = entry.highlight.id
        if entry.section == "suggestions" and highlight_id not in self._suggestions:
            remedy = "remove it to refuse it, or let it stand among the highlights"
            raise ReviewError(entry.location, f"{highlight_id} cannot be made a suggestion again", remedy)

    def _split_parts(
        self, original: Highlight, entries: Sequence[_EditedEntry]
    ) -> Iterator[tuple[Highlight, _EditedEntry, Split | None]]:
        """For each entry of a highlight: the part that splitting makes of it, the entry, and the split that follows."""
        remainder = original
        for entry, following in zip(entries, [*entries[1:], None], strict=True):
            split, part, edited = None, remainder, entry.highlight
            if following is not None:
                at = following.highlight.start
                if not remainder.start < at < remainder.end:
                    message = f"an entry of the split highlight {original.id} begins at {at}, outside of it"
                    raise ReviewError(following.location, message, REMEDY)
                split = Split("split", remainder.id, at, self._unused_id())
                part = replace(remainder, end=at, seek=remainder.seek if remainder.seek < at else remainder.start)
            seek = part.seek if edited.seek == original.seek and not is_seek_inside(edited) else edited.seek
            yield part, replace(entry, highlight=replace(edited, seek=seek)), split
            if split:
                remainder = replace(remainder, id=split.second, start=split.at, seek=split.at)

    def _unused_id(self) -> str:
        highlight_id = random_id(self._used_ids)
        self._used_ids.add(highlight_id)
        return highlight_id


def _is_merged_into(removed: Highlight, before: Highlight, after: Highlight) -> bool:
    has_grown = span_of(after).duration > span_of(before).duration
    covered = span_of(after).overlap(span_of(removed))
    is_same = removed.product_ids[:1] == after.product_ids[:1]
    return has_grown and is_same and covered >= MIN_MERGED_COVERAGE * span_of(removed).duration


def _merge_highlights(before: Highlight, others: Sequence[Highlight]) -> Highlight:
    """The highlight with the span and seek that merging gives it."""
    first = min((before, *others), key=lambda part: part.start)
    end = max(part.end for part in (before, *others))
    return replace(before, start=first.start, end=end, seek=first.seek)


def _field_operations(before: Highlight, after: Highlight) -> Iterator[Operation]:
    changed = {name: getattr(after, name) for name in EDITABLE_FIELDS if getattr(after, name) != getattr(before, name)}
    edges = {name: value for name, value in changed.items() if name in ("start", "end", "seek")}
    if "start" in edges and is_seek_inside(after):
        edges["seek"] = after.seek  # the editor chose to leave it there; a seek outside the new edges is dropped
    if edges:
        yield Move("move", before.id, **edges)
    if "product_ids" in changed:
        yield ChangeProduct("change_product", before.id, after.product_ids)
    texts = {name: value for name, value in changed.items() if name in ("title", "summary")}
    if texts:
        yield Retitle("retitle", before.id, **texts)
