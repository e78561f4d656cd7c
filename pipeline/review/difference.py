"""Compare an edited file with the draft that was exported, and express the difference as edits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

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
    difference = _DraftDifference(exported_draft)
    difference.compare(edited)
    return tuple(difference.edits)


class _DraftDifference:
    """The edits that lead from the exported draft to an edited file, each checked and folded as it is found."""

    def __init__(self, draft: Draft) -> None:
        self.edits: list[Edit] = []
        self._draft = draft
        self._decisions = dict(fold_edits(draft.edits.edits))
        self._visible = {highlight.id: highlight for highlight in draft.file.highlights}
        self._suggestions = {highlight.id: highlight for highlight in draft.file.suggestions}
        self._refused = {highlight.id: highlight for highlight in draft.refused}
        self._originals = {**self._visible, **self._suggestions}
        self._used_ids = set(draft.used_ids)

    def compare(self, edited: EditedFile) -> None:
        """Find the edits of all entries."""
        entries_by_id: dict[str, list[_EditedEntry]] = {}
        refused = []
        for entry in _entries(edited):
            if not entry.highlight.id:
                self._add(entry)
            elif not self._is_refused_entry(entry):
                entries_by_id.setdefault(entry.highlight.id, []).append(entry)
            elif entry.highlight.id in self._originals:
                refused.append(entry)
        for entry in refused:  # a part of a split highlight
            if entry.highlight.id in entries_by_id:
                entries_by_id[entry.highlight.id].append(entry)
        removed = [original for original in self._originals.values() if original.id not in entries_by_id]
        for entries in entries_by_id.values():
            self._compare_entries(sorted(entries, key=lambda entry: entry.highlight.start), removed)
        for original in removed:
            self._record(original.id, Reject("reject", original.id))

    def _record(self, location: str, operation: Operation) -> None:
        edit = make_edit(operation, self._draft)
        check_operation(operation, self._draft, location, REMEDY, self._decisions)
        with review_errors_at(location, REMEDY):
            fold_edit(self._decisions, edit)
        self.edits.append(edit)

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

    def _add(self, entry: _EditedEntry) -> None:
        new = entry.highlight
        if entry.section != "highlights":
            raise ReviewError(entry.location, "has no id: it was never there", "put what is new among the highlights")
        seek = None if new.seek == new.start else new.seek
        with review_errors_at(entry.location, REMEDY):
            addition = Add("add", self._unused_id(), new.product_ids, new.start, new.end, new.title, seek, new.summary)
        self._record(entry.location, addition)

    def _compare_entries(self, entries: Sequence[_EditedEntry], removed: list[Highlight]) -> None:
        """Find the edits of a highlight by its entries in order of time: several are the parts of a split."""
        original = self._find_original(entries[0])
        for entry in entries:
            self._check_section(entry)
        part_ids = self._split(original, entries)
        merged = [each for each in removed if _is_merged_into(each, original, entries[0].highlight)]
        if merged:
            removed[:] = [each for each in removed if each not in merged]
            self._record(entries[0].location, Merge("merge", original.id, tuple(each.id for each in merged)))
        is_changed = bool(merged) or len(entries) > 1
        for part_id, entry in zip(part_ids, entries, strict=True):
            part = self._decisions[part_id].highlight if is_changed else original
            edited = entry if merged and part_id == original.id else _with_seek_of(part, entry, original)
            with review_errors_at(entry.location, REMEDY):
                operations = list(self._part_operations(part, edited, original))
            for operation in operations:
                self._record(entry.location, operation)

    def _split(self, original: Highlight, entries: Sequence[_EditedEntry]) -> list[str]:
        """Split the highlight where its second and later entries begin; returns the ids of the parts."""
        part_ids, start = [original.id], original.start
        for entry, following in pairwise(entries):
            at = following.highlight.start
            if not start < at < original.end:
                message = f"an entry of the split highlight {original.id} begins at {at}, outside of it"
                raise ReviewError(following.location, message, REMEDY)
            split = Split("split", part_ids[-1], at, self._unused_id())
            self._record(entry.location, split)
            part_ids.append(split.second)
            start = at
        return part_ids

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

    def _unused_id(self) -> str:
        highlight_id = random_id(self._used_ids)
        self._used_ids.add(highlight_id)
        return highlight_id


def _entries(edited: EditedFile) -> Iterator[_EditedEntry]:
    file = edited.file
    sections = {"highlights": file.highlights, "suggestions": file.suggestions, REFUSED_KEY: edited.refused}
    for section, highlights in sections.items():
        yield from (_EditedEntry(highlight, section, index) for index, highlight in enumerate(highlights))


def _with_seek_of(part: Highlight, entry: _EditedEntry, original: Highlight) -> _EditedEntry:
    """The entry with the seek of its part where the editor left the original's, and it lies outside now."""
    edited = entry.highlight
    is_left_behind = edited.seek == original.seek and not is_seek_inside(edited)
    return replace(entry, highlight=replace(edited, seek=part.seek)) if is_left_behind else entry


def _is_merged_into(removed: Highlight, before: Highlight, after: Highlight) -> bool:
    has_grown = span_of(after).duration > span_of(before).duration
    covered = span_of(after).overlap(span_of(removed))
    is_same = removed.product_ids[:1] == after.product_ids[:1]
    return has_grown and is_same and covered >= MIN_MERGED_COVERAGE * span_of(removed).duration


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
