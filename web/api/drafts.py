"""Drafts: what editors see, their edits, publishing, and the files of a draft."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Body, Header, Request, Response

from domain.clock import Seconds
from domain.errors import ConflictError, UsageError
from domain.highlight import Highlight, HighlightsFile, PublishingThresholds, TakeJudgement
from domain.review import Add, Approve, ChangeProduct, Merge, Move, Operation, Reject, Retitle, Split
from pipeline.ledger.publications import Publication
from pipeline.outputs.highlights_file import highlights_json, read_takes
from pipeline.outputs.layout import INDEX_FILE, PUBLISHED_DIR, TAKES_FILE
from pipeline.publishing.apply_edits import PendingEdits, apply_pending_edits, read_current_draft, write_draft
from pipeline.publishing.publish import publish_session
from pipeline.review.api_operations import OperationFactory, edits_from_operations
from pipeline.review.draft import Draft
from pipeline.review.make_edit import new_highlight_id
from pipeline.review.match_takes import judgements_by_id
from web.api import PREFIX
from web.http.auth import Editor, Publisher, Reader
from web.http.context import Context, SessionId
from web.http.file_responses import FILE_RESPONSES, file_response, resolve_file
from web.http.problems import NotFoundError, PreconditionRequiredError
from web.http.responses import NO_STORE, conditional_json_response, json_response

routes = APIRouter(prefix=PREFIX, tags=["drafts"])
MAX_OPERATIONS = 200  # of one request
ETAG_DIGEST_LENGTH = 12  # hex digits of the draft's digest
MEDIA_FOLDERS = ("replay", "sprites", "thumbnails")
SERVED_FILES = (INDEX_FILE, "chapters.vtt", "highlights.vtt", "thumbnails.vtt", "transcript.vtt")
"""The files of a results folder that are served."""


@dataclass(frozen=True, slots=True)
class AddRequest:
    """An `add` whose id is made by the server. Without a title it gets that of its products."""

    kind: Literal["add"]
    product_ids: tuple[str, ...]
    start: Seconds
    end: Seconds
    title: str = ""
    seek: Seconds | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class SplitRequest:
    """A `split` whose second highlight gets its id from the server."""

    kind: Literal["split"]
    highlight: str
    at: Seconds


RequestedOperation = Approve | Reject | Move | ChangeProduct | Retitle | AddRequest | SplitRequest | Merge
OperationBody = Annotated[RequestedOperation, Body(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Operations in order, all of them or none. Each may be about what those before it changed or made."""

    operations: tuple[OperationBody, ...]


@dataclass(frozen=True, slots=True)
class RecordedEdits:
    """`edits`: how many the session has now. `made`: an id for each operation that made a highlight, else None."""

    edits: int
    made: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class DraftView:
    """The session with all edits. `edits`: how many there are. `refused`: rejected highlights, as they were then.

    `judgements`: by the id of a highlight or suggestion, why the machine made it, and the runners-up: a product of them
    is chosen by `change_product`, a start by `move`. `thresholds`: what the machine publishes; null where an earlier
    version made the results.
    """

    edits: int
    file: HighlightsFile
    refused: tuple[Highlight, ...]
    judgements: Mapping[str, TakeJudgement]
    thresholds: PublishingThresholds | None


@dataclass(frozen=True, slots=True)
class PublishResponse:
    """A revision that viewers have. `is_new` is false where nothing had changed since the last."""

    publication: Publication
    is_new: bool
    highlights: str


@routes.get("/sessions/{session_id}/draft", response_model=DraftView, summary="What would be published now")
def draft(request: Request, context: Context, _: Reader, session_id: SessionId) -> Response:
    takes = read_takes(context.results_folder(session_id) / TAKES_FILE)
    current = read_current_draft(context.ledger, context.out, session_id)
    judgements = judgements_by_id(current.file, takes)
    view = json_response(
        DraftView(len(current.edits.edits), current.file, current.refused, judgements, takes.thresholds)
    )
    return conditional_json_response(request, bytes(view.body), _etag(current), {"Cache-Control": "private, no-cache"})


@routes.post(
    "/sessions/{session_id}/edits", response_model=RecordedEdits, summary="Change the draft that If-Match names"
)
def edit(
    context: Context,
    caller: Editor,
    session_id: SessionId,
    edit_request: EditRequest,
    if_match: Annotated[str | None, Header(description="The draft's ETag, or how many edits were seen.")] = None,
) -> Response:
    if len(edit_request.operations) > MAX_OPERATIONS:
        raise UsageError("operations", "are too many", f"send {MAX_OPERATIONS} at a time")
    context.results_folder(session_id)
    current = read_current_draft(context.ledger, context.out, session_id)
    _check_if_match(current, if_match)
    edits = edits_from_operations(current, [_operation_factory(each) for each in edit_request.operations])
    edit_count = len(current.edits.edits)
    with context.draft_lock:
        updated = apply_pending_edits(
            context.ledger, context.out, PendingEdits(session_id, edits, edit_count), editor=caller.name
        )
    for each in edits:
        context.metrics.edits.labels(each.operation.kind).inc()
    recorded = RecordedEdits(edit_count + len(edits), tuple(map(new_highlight_id, edits)))
    return json_response(recorded, {**NO_STORE, "ETag": _etag(updated)})


@routes.post(
    "/sessions/{session_id}/publications",
    response_model=PublishResponse,
    responses={201: {"model": PublishResponse, "description": "A new revision."}},
    summary="Give the draft to viewers",
)
def release(context: Context, caller: Publisher, session_id: SessionId) -> Response:
    context.results_folder(session_id)
    result = publish_session(
        context.ledger, context.out, session_id, publisher=caller.name, webhook_sender=context.webhook_sender
    )
    with context.draft_lock:
        write_draft(read_current_draft(context.ledger, context.out, session_id), context.out / session_id)
    context.deliveries_pending.set()
    context.response_cache.clear()
    context.metrics.publications.labels("new" if result.is_new else "unchanged").inc()
    address = f"/{PUBLISHED_DIR}/{quote(session_id)}/{result.folder.name}/{INDEX_FILE}"
    return json_response(
        PublishResponse(result.publication, result.is_new, address), status=201 if result.is_new else 200
    )


@routes.head("/sessions/{session_id}/draft/files/{address:path}", include_in_schema=False)
@routes.get(
    "/sessions/{session_id}/draft/files/{address:path}",
    responses=FILE_RESPONSES,
    response_class=Response,
    summary="Its media, images and cues, in ranges if asked",
)
def draft_file(request: Request, context: Context, _: Reader, session_id: SessionId, address: str) -> Response:
    folder, top_folder = context.results_folder(session_id), address.partition("/")[0]
    if top_folder in MEDIA_FOLDERS and top_folder != address:
        file = resolve_file(folder / top_folder, address.partition("/")[2])
    elif address in SERVED_FILES:
        file = resolve_file(folder, address)
    else:
        raise NotFoundError("file", "is not there", f"ask for {', '.join((*MEDIA_FOLDERS, *SERVED_FILES))}")
    return file_response(request, file, {"Cache-Control": "private, no-cache"})


def _etag(current: Draft) -> str:
    """The ETag of a draft. Drafts with the same number of edits may differ by a later run or a publication."""
    digest = hashlib.sha256(highlights_json(current.file)).hexdigest()[:ETAG_DIGEST_LENGTH]
    return f'"{len(current.edits.edits)}.{digest}"'


def _check_if_match(current: Draft, if_match: str | None) -> None:
    if if_match is None:
        raise PreconditionRequiredError("If-Match", "is missing", "send the ETag of the draft that you changed")
    seen_etag = if_match.strip().removeprefix("W/").strip('"')
    count, digest, _ = seen_etag.partition(".")
    if count != str(len(current.edits.edits)) or (digest and f'"{seen_etag}"' != _etag(current)):
        what = f"has {len(current.edits.edits)} edits, and is not what you saw: it was changed meanwhile"
        raise ConflictError(current.file.session_id, what, "get the draft again, then make your changes again")


def _operation_factory(requested: RequestedOperation) -> OperationFactory:
    def make_operation(new_id: str) -> Operation:
        match requested:
            case AddRequest(kind, products, start, end, title, seek, summary):
                return Add(kind, new_id, products, start, end, title, seek, summary)
            case SplitRequest(kind, highlight, at):
                return Split(kind, highlight, at, new_id)
            case _:
                return requested

    return make_operation
