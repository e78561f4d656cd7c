"""Highlights in the formats of other tools."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from domain.highlight import HighlightsFile
from pipeline.publishing.apply_edits import current_draft
from pipeline.publishing.exports import ExportFormat, export
from pipeline.publishing.exports.addresses import Places, of_published
from pipeline.publishing.exports.published_source import published_in
from pipeline.publishing.exports.show_facts import facts_of
from web.api import PREFIX
from web.api.highlights import not_published
from web.http.auth import Reader
from web.http.context import Here, SessionId
from web.http.responses import ASKED_EACH_TIME, NOT_KEPT

routes = APIRouter(prefix=PREFIX)

ENDINGS: Mapping[ExportFormat, tuple[str, str]] = {
    "csv": (".csv", "text/csv; charset=utf-8"),
    "otio": (".otio", "application/json"),
    "json-ld": (".jsonld", "application/ld+json"),
    "label-studio": (".label-studio.json", "application/json"),
}
"""How the file's name ends, and its media type."""

Address = Annotated[
    str, Query(max_length=2000, pattern=r"^(https?://[A-Za-z0-9._~:@%-]+([/?#][^\x00-\x20\x7f-\xa0<>\"]*)?)?$")
]
EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for _, kind in ENDINGS.values()}, "description": "The file."}
}


def _places(page: Address = "", media: Address = "", files: Address = "") -> Places:
    return Places(page, media, files)


Asked = Annotated[Places, Depends(_places)]


@routes.get(
    "/sessions/{session_id}/exports/{kind}",
    tags=["published"],
    responses=EXPORTED,
    response_class=Response,
    summary="As published",
)
def exported(here: Here, session_id: SessionId, kind: ExportFormat, asked: Asked) -> Response:
    found = published_in(here.ledger, here.out, session_id)
    if found is None:
        raise not_published(session_id)
    document, facts = found
    return _file(document, kind, export(document, kind, of_published(asked, document), facts), ASKED_EACH_TIME)


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
    content = export(draft.file, kind, Places(media=media), facts_of(here.out / session_id))
    return _file(draft.file, kind, content, NOT_KEPT)


def _file(file: HighlightsFile, kind: ExportFormat, content: bytes, headers: Mapping[str, str]) -> Response:
    ending, media_type = ENDINGS[kind]
    named = f"attachment; filename*=UTF-8''{quote(file.session_id + ending, safe='')}"
    return Response(content, headers={**headers, "Content-Disposition": named}, media_type=media_type)
