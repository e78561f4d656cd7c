"""Highlights in the formats of other tools."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from domain.highlight import HighlightsFile
from pipeline.exports import ExportFormat, Places, export
from pipeline.ledger.publications import read_document
from pipeline.review.apply import current_draft
from web.answers import ASKED_EACH_TIME, NOT_KEPT
from web.api import PREFIX
from web.api.highlights import not_published
from web.callers import Reader
from web.served import Here, SessionId

routes = APIRouter(prefix=PREFIX)

ENDINGS: Mapping[ExportFormat, tuple[str, str]] = {
    "csv": (".csv", "text/csv; charset=utf-8"),
    "otio": (".otio", "application/json"),
    "json-ld": (".jsonld", "application/ld+json"),
    "label-studio": (".label-studio.json", "application/json"),
}
"""How the file's name ends, and its media type."""

Address = Annotated[str, Query(max_length=2000, pattern=r"^(https?://[^\s<>\"]+)?$")]
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for _, kind in ENDINGS.values()}, "description": "The file."}
}


@routes.get(
    "/sessions/{session_id}/exports/{kind}",
    tags=["published"],
    responses=EXPORTED,
    response_class=Response,
    summary="As published",
)
def exported(
    here: Here, session_id: SessionId, kind: ExportFormat, page: Address = "", media: Address = ""
) -> Response:
    with here.ledger.reading() as connection:
        document = read_document(connection, session_id)
    if document is None:
        raise not_published(session_id)
    return _file(document, kind, Places(page, media), ASKED_EACH_TIME)


@routes.get(
    "/sessions/{session_id}/draft/exports/{kind}",
    tags=["drafts"],
    responses=EXPORTED,
    response_class=Response,
    summary="With all edits",
)
def draft_exported(here: Here, _: Reader, session_id: SessionId, kind: ExportFormat, media: Address = "") -> Response:
    here.results_of(session_id)
    draft = current_draft(here.ledger, here.out, session_id)
    return _file(draft.file, kind, Places(media=media), NOT_KEPT)


def _file(file: HighlightsFile, kind: ExportFormat, places: Places, headers: Mapping[str, str]) -> Response:
    ending, media_type = ENDINGS[kind]
    named = f"attachment; filename*=UTF-8''{quote(file.session_id + ending, safe='')}"
    return Response(
        export(file, kind, places), headers={**headers, "Content-Disposition": named}, media_type=media_type
    )
