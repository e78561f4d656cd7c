"""Drafts: what editors see, what they change, and giving it to viewers."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Header, Request, Response

from domain.clock import Seconds
from domain.errors import ConflictError, UsageError
from domain.highlight import Highlight, HighlightsFile
from domain.review import Add, Approve, ChangeProduct, Merge, Move, Operation, Reject, Retitle, Split
from pipeline.ledger.publications import Publication
from pipeline.outputs.highlights_file import highlights_json
from pipeline.outputs.results_folder import INDEX_FILE
from pipeline.publishing.apply_edits import Changes, apply, current_draft, show_draft
from pipeline.publishing.publish import FOLDER, publish
from pipeline.review.api_operations import Draw, edits_of, made_by
from pipeline.review.draft import Draft
from web.api import PREFIX
from web.http.auth import Editor, Publisher, Reader
from web.http.context import Here, SessionId
from web.http.file_responses import FILE, answer_file, file_in
from web.http.problems import NotThere, PreconditionMissing
from web.http.responses import NOT_KEPT, answer, answer_if_changed

routes = APIRouter(prefix=PREFIX, tags=["drafts"])
MOST_OPERATIONS = 200  # at once
TAG_LENGTH = 12  # hex digits of the draft's digest
PLAYED = ("replay", "sprites", "thumbnails")
BESIDE = (INDEX_FILE, "chapters.vtt", "highlights.vtt", "thumbnails.vtt", "transcript.vtt")
"""What of a results folder is served: nothing else in it may be meant for others."""


@dataclass(frozen=True, slots=True)
class AddHere:
    """An `add` whose id is made by the server. Without a title it is called as its products are."""

    kind: Literal["add"]
    product_ids: tuple[str, ...]
    start: Seconds
    end: Seconds
    title: str = ""
    seek: Seconds | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class SplitHere:
    """A `split` whose second highlight gets its id from the server."""

    kind: Literal["split"]
    highlight: str
    at: Seconds


Wanted = Approve | Reject | Move | ChangeProduct | Retitle | AddHere | SplitHere | Merge
Told = Annotated[Wanted, Body(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class WantedEdits:
    """Operations in order, all of them or none. Each may be about what those before it changed."""

    operations: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class RecordedEdits:
    """`edits`: how many the session has now. `made`: an id for each operation that made a highlight, else None."""

    edits: int
    made: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """The session with all edits. `edits`: how many there are. `refused`: what people refused, as it was then."""

    edits: int
    file: HighlightsFile
    refused: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class ReleasedView:
    """A revision that viewers have. `is_new` is false where nothing had changed since the last."""

    publication: Publication
    is_new: bool
    highlights: str


@routes.get("/sessions/{session_id}/draft", response_model=DraftView, summary="What would be published now")
def draft(request: Request, here: Here, _: Reader, session_id: SessionId) -> Response:
    here.results_of(session_id)
    now = current_draft(here.ledger, here.out, session_id)
    view = answer(DraftView(len(now.edits.edits), now.file, now.refused))
    return answer_if_changed(request, bytes(view.body), _tag(now), {"Cache-Control": "private, no-cache"})


@routes.post(
    "/sessions/{session_id}/edits", response_model=RecordedEdits, summary="Change the draft that If-Match names"
)
def edit(
    here: Here,
    caller: Editor,
    session_id: SessionId,
    wanted: WantedEdits,
    if_match: Annotated[str | None, Header(description="The draft's ETag, or how many edits were seen.")] = None,
) -> Response:
    if len(wanted.operations) > MOST_OPERATIONS:
        raise UsageError("operations", "are too many", f"send {MOST_OPERATIONS} at a time")
    here.results_of(session_id)
    now = current_draft(here.ledger, here.out, session_id)
    _check_seen(now, if_match)
    edits = edits_of(now, [_drawn(one) for one in wanted.operations])
    after = len(now.edits.edits)
    with here.showing:
        later = apply(here.ledger, here.out, Changes(session_id, edits, after, now), by=caller.name)
    for one in edits:
        here.metrics.edits.labels(one.operation.kind).inc()
    recorded = RecordedEdits(after + len(edits), tuple(made_by(one) for one in edits))
    return answer(recorded, {**NOT_KEPT, "ETag": _tag(later)})


@routes.post(
    "/sessions/{session_id}/publications",
    response_model=ReleasedView,
    responses={201: {"model": ReleasedView, "description": "A new revision."}},
    summary="Give the draft to viewers",
)
def release(here: Here, caller: Publisher, session_id: SessionId) -> Response:
    here.results_of(session_id)
    released = publish(here.ledger, here.out, session_id, by=caller.name, teller=here.teller)
    with here.showing:
        show_draft(current_draft(here.ledger, here.out, session_id), here.out / session_id)
    here.is_news.set()
    here.recent.forget()
    here.metrics.publications.labels("new" if released.is_new else "unchanged").inc()
    address = f"/{FOLDER}/{quote(session_id)}/{released.folder.name}/{INDEX_FILE}"
    return answer(ReleasedView(released.publication, released.is_new, address), status=201 if released.is_new else 200)


@routes.head("/sessions/{session_id}/draft/files/{address:path}", include_in_schema=False)
@routes.get(
    "/sessions/{session_id}/draft/files/{address:path}",
    responses=FILE,
    response_class=Response,
    summary="Its media, pictures and cues, in parts if asked",
)
def draft_file(request: Request, here: Here, _: Reader, session_id: SessionId, address: str) -> Response:
    folder, first = here.results_of(session_id), address.partition("/")[0]
    if first in PLAYED and first != address:
        file = file_in(folder / first, address.partition("/")[2])
    elif address in BESIDE:
        file = file_in(folder, address)
    else:
        raise NotThere("file", "is not there", f"ask for {', '.join((*PLAYED, *BESIDE))}")
    return answer_file(request, file, {"Cache-Control": "private, no-cache"})


def _tag(now: Draft) -> str:
    """Two drafts with the same number of edits differ where the machine judged anew, or somebody published."""
    digest = hashlib.sha256(highlights_json(now.file)).hexdigest()[:TAG_LENGTH]
    return f'"{len(now.edits.edits)}.{digest}"'


def _check_seen(now: Draft, if_match: str | None) -> None:
    if if_match is None:
        raise PreconditionMissing("If-Match", "is missing", "send the ETag of the draft that you changed")
    seen = if_match.strip().removeprefix("W/").strip('"')
    count, mark, _ = seen.partition(".")
    if count != str(len(now.edits.edits)) or (mark and f'"{seen}"' != _tag(now)):
        what = f"has {len(now.edits.edits)} edits, and is not what you saw: it was changed meanwhile"
        raise ConflictError(now.file.session_id, what, "get the draft again, then make your changes again")


def _drawn(wanted: Wanted) -> Draw:
    def draw(identity: str) -> Operation:
        match wanted:
            case AddHere(kind, products, start, end, title, seek, summary):
                return Add(kind, identity, products, start, end, title, seek, summary)
            case SplitHere(kind, highlight, at):
                return Split(kind, highlight, at, identity)
            case _:
                return wanted

    return draw
