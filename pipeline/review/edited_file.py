"""An edited highlights.json, and the operations that make it of what its editor was given.

The file is a draft with one more field, "review", which says what the editor had seen. Whoever edits it may change
start, end, seek, product_ids, title and summary; remove an entry to refuse it; move one from "suggestions" to
"highlights", or set its status to "approved", to approve it; add one, with an empty id. Two entries with one id are a
highlight split in two; an entry that grew over a removed one of the same main product was merged with it.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from domain.clock import Span
from domain.errors import InvalidValue, ReviewError
from domain.highlight import Highlight, HighlightsFile
from domain.review import Add, Approve, ChangeProduct, Edit, Merge, Move, Operation, Reject, Retitle, Split
from pipeline.codec import adapter_of
from pipeline.highlights_file import highlights_json
from pipeline.publishing import ID_LENGTH
from pipeline.review.decisions import decisions_of
from pipeline.review.draft import Draft
from pipeline.review.merge import span_of

REVIEW = "review"
REMEDY = "mend the file, or export it anew"
EDITABLE = ("start", "end", "seek", "product_ids", "title", "summary")
ADDED = {"confidence": 1.0, "moments": [], "reasons": [], "thumbnail": None, "take": 1, "best_take": False}
SWALLOWED = 0.9  # share of a removed highlight that another must cover to have been merged with it


@dataclass(frozen=True, slots=True)
class Seen:
    """What an editor was given: so many edits of the session, over takes of that digest."""

    edits: int
    takes: str


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A read file. `status` and everything else is as the editor left it."""

    seen: Seen
    file: HighlightsFile


def editable(draft: Draft, takes_digest: str) -> bytes:
    """The draft as a file to be edited."""
    value = json.loads(highlights_json(draft.file))
    whole = {REVIEW: {"edits": len(draft.edits.edits), "takes": takes_digest}, **value}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def read_edited(path: Path) -> EditedFile:
    """The edited file at `path`. Raises ReviewError, which names the place in it."""
    from pydantic import ValidationError

    try:
        value = json.loads(path.read_bytes())
        seen = adapter_of(Seen).validate_json(json.dumps(value.pop(REVIEW)), strict=True)
        for entry in value["highlights"]:
            _complete(entry)
        file = adapter_of(HighlightsFile).validate_json(json.dumps(value), strict=True)
    except OSError as problem:
        raise ReviewError(path, f"cannot be read ({problem.strerror})", "check its name and place") from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]).lstrip(".")
        raise ReviewError(f"{path}: {place}", first["msg"], REMEDY) from None
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        remedy = "edit a file that kandian export --review wrote"
        raise ReviewError(path, f"is no edited highlights.json ({problem})", remedy) from problem
    return EditedFile(seen, file)


def _complete(entry: Any) -> None:
    """Whoever adds an entry need not know what only the machine fills in."""
    if isinstance(entry, dict) and not entry.get("id"):
        start = entry.get("start")
        for name, value in {"id": "", "seek": start, "title": "", "summary": "", "status": "added", **ADDED}.items():
            entry.setdefault(name, value)


def edits_in(edited: HighlightsFile, seen: Draft) -> tuple[Edit, ...]:
    """What its editor did, as operations. Raises ReviewError where an entry cannot be read as any."""
    return tuple(_Difference(edited, seen).edits())


class _Difference:
    """Between what was seen and what was made of it."""

    def __init__(self, edited: HighlightsFile, seen: Draft) -> None:
        self._shown = {highlight.id: highlight for highlight in seen.file.highlights}
        self._suggested = {highlight.id: highlight for highlight in seen.file.suggestions}
        self._before = {**self._shown, **self._suggested}
        self._products = {product.product_id: product for product in seen.file.products}
        self._edited = edited
        self._used = {*self._before, *seen.published.promised, *decisions_of(seen.edits.edits)}

    def edits(self) -> Iterator[Edit]:
        kept: dict[str, list[tuple[Highlight, bool]]] = {}
        for section, entries in (("highlights", self._edited.highlights), ("suggestions", self._edited.suggestions)):
            for index, entry in enumerate(entries):
                self._check(entry, f"{section}[{index}]")
                if not entry.id:
                    yield self._edit(self._addition(entry))
                else:
                    kept.setdefault(entry.id, []).append((entry, section == "highlights"))
        removed = [highlight for identity, highlight in self._before.items() if identity not in kept]
        for identity, entries_of_it in kept.items():
            yield from self._changes(identity, sorted(entries_of_it, key=lambda pair: pair[0].start), removed)
        yield from (self._edit(Reject("reject", highlight.id)) for highlight in removed)

    def _check(self, entry: Highlight, where: str) -> None:
        try:
            Span(entry.start, entry.end)
        except InvalidValue as problem:
            raise ReviewError(where, str(problem), REMEDY) from None
        unknown = [product_id for product_id in entry.product_ids if product_id not in self._products]
        was = self._before.get(entry.id)
        if unknown and (was is None or was.product_ids != entry.product_ids):
            raise ReviewError(where, f'the catalogue has no product "{unknown[0]}"', "name one of its products")
        if entry.id and was is None:
            raise ReviewError(where, f"there is no highlight {entry.id}", "leave the id of a new one empty")
        if entry.end > self._edited.duration:
            what = f"ends at {entry.end}, after the replay's {self._edited.duration} s"
            raise ReviewError(where, what, REMEDY)

    def _addition(self, entry: Highlight) -> Add:
        title = entry.title or self._products[entry.product_ids[0]].title
        seek = None if entry.seek == entry.start else entry.seek
        return Add("add", self._new_id(), entry.product_ids, entry.start, entry.end, title, seek, entry.summary)

    def _changes(
        self, identity: str, entries: Sequence[tuple[Highlight, bool]], removed: list[Highlight]
    ) -> Iterator[Edit]:
        before, (first, is_shown) = self._before[identity], entries[0]
        if identity in self._shown and not is_shown:
            remedy = "remove it to refuse it, or leave it among the highlights"
            raise ReviewError(identity, "a highlight cannot be made a suggestion again", remedy)
        parts = list(self._split(before, [entry for entry, _ in entries]))
        yield from (self._edit(split) for _, _, split in parts if split is not None)
        swallowed = [h for h in removed if _is_swallowed(h, before, first)]
        if swallowed:
            removed[:] = [h for h in removed if h not in swallowed]
            yield self._edit(Merge("merge", identity, tuple(h.id for h in swallowed)))
            parts[0] = (_merged(before, swallowed), first, None)
        for was, entry, _ in parts:
            yield from (self._edit(operation) for operation in _operations(was, entry))
        is_approved = first.status == "approved" != before.status
        if (identity in self._suggested and is_shown) or is_approved:
            yield self._edit(Approve("approve", identity))

    def _split(
        self, before: Highlight, entries: Sequence[Highlight]
    ) -> Iterator[tuple[Highlight, Highlight, Split | None]]:
        """The parts of a highlight that has several entries: as splitting makes them, and as the editor wants them."""
        was = before
        for entry, following in zip(entries, [*entries[1:], None], strict=True):
            split = None
            if following is not None:
                if not was.start < following.start < was.end:
                    what = f"an entry of the split highlight begins at {following.start}, outside of it"
                    raise ReviewError(before.id, what, REMEDY)
                split = Split("split", was.id, following.start, self._new_id())
            part = replace(was, end=split.at) if split else was
            yield part, replace(entry, seek=part.seek if entry.seek == before.seek else entry.seek), split
            if split:
                was = replace(was, id=split.second, start=split.at, seek=split.at)

    def _edit(self, operation: Operation) -> Edit:
        about = [operation.highlight, *(operation.others if isinstance(operation, Merge) else ())]
        seen = tuple(self._before[identity] for identity in about if identity in self._before)
        return Edit(operation, seen, tuple(identity for identity in about if identity in self._suggested))

    def _new_id(self) -> str:
        while (identity := "h" + secrets.token_hex(ID_LENGTH // 2)) in self._used:
            pass
        self._used.add(identity)
        return identity


def _is_swallowed(gone: Highlight, before: Highlight, now: Highlight) -> bool:
    grew = span_of(now).duration > span_of(before).duration
    covered = span_of(now).overlap(span_of(gone))
    return grew and gone.product_ids[0] == now.product_ids[0] and covered >= SWALLOWED * span_of(gone).duration


def _merged(before: Highlight, others: Sequence[Highlight]) -> Highlight:
    """The highlight as merging makes it."""
    first = min((before, *others), key=lambda part: part.start)
    end = max(part.end for part in (before, *others))
    return replace(before, start=first.start, end=end, seek=first.seek)


def _operations(was: Highlight, now: Highlight) -> Iterator[Operation]:
    changed = {name: getattr(now, name) for name in EDITABLE if getattr(now, name) != getattr(was, name)}
    edges = {name: value for name, value in changed.items() if name in ("start", "end", "seek")}
    if edges:
        yield Move("move", was.id, **edges)
    if "product_ids" in changed:
        yield ChangeProduct("change_product", was.id, now.product_ids)
    words = {name: value for name, value in changed.items() if name in ("title", "summary")}
    if words:
        yield Retitle("retitle", was.id, **words)
