"""Exports: highlights in the formats of other tools."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from domain.highlight import HighlightsFile
from pipeline.publishing.apply_edits import read_current_draft
from pipeline.publishing.exports import ExportFormat, export_highlights
from pipeline.publishing.exports.addresses import ShowAddresses, revision_addresses
from pipeline.publishing.exports.show_facts import read_published_show, read_show_facts
from web.api import PREFIX
from web.api.highlights import not_published_error
from web.http.auth import Reader
from web.http.context import Context, SessionId
from web.http.responses import NO_CACHE, NO_STORE

routes = APIRouter(prefix=PREFIX)

FILE_TYPES: Mapping[ExportFormat, tuple[str, str]] = {
    "csv": (".csv", "text/csv; charset=utf-8"),
    "otio": (".otio", "application/json"),
    "json-ld": (".jsonld", "application/ld+json"),
    "label-studio": (".label-studio.json", "application/json"),
}
"""The suffix of the file's name, and its media type."""

UrlParam = Annotated[
    str, Query(max_length=2000, pattern=r"^(https?://[A-Za-z0-9._~:@%-]+([/?#][^\x00-\x20\x7f-\xa0<>\"]*)?)?$")
]
EXPORT_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for _, kind in FILE_TYPES.values()}, "description": "The file."}
}


def _export_addresses(page: UrlParam = "", media: UrlParam = "", files: UrlParam = "") -> ShowAddresses:
    return ShowAddresses(page, media, files)


AddressParams = Annotated[ShowAddresses, Depends(_export_addresses)]


@routes.get(
    "/sessions/{session_id}/exports/{kind}",
    tags=["published"],
    responses=EXPORT_RESPONSES,
    response_class=Response,
    summary="As published",
)
def exported(context: Context, session_id: SessionId, kind: ExportFormat, addresses: AddressParams) -> Response:
    published = read_published_show(context.ledger, context.out, session_id)
    if published is None:
        raise not_published_error(session_id)
    document, facts = published
    return _export_response(
        document, kind, export_highlights(document, kind, revision_addresses(addresses, document), facts), NO_CACHE
    )


@routes.get(
    "/sessions/{session_id}/draft/exports/{kind}",
    tags=["drafts"],
    responses=EXPORT_RESPONSES,
    response_class=Response,
    summary="With all edits",
)
def draft_exported(
    context: Context, _: Reader, session_id: SessionId, kind: ExportFormat, media: UrlParam = ""
) -> Response:
    context.results_folder(session_id)
    draft = read_current_draft(context.ledger, context.out, session_id)
    content = export_highlights(
        draft.file, kind, ShowAddresses(media_url=media), read_show_facts(context.out / session_id)
    )
    return _export_response(draft.file, kind, content, NO_STORE)


def _export_response(file: HighlightsFile, kind: ExportFormat, content: bytes, headers: Mapping[str, str]) -> Response:
    suffix, media_type = FILE_TYPES[kind]
    content_disposition = f"attachment; filename*=UTF-8''{quote(file.session_id + suffix, safe='')}"
    return Response(content, headers={**headers, "Content-Disposition": content_disposition}, media_type=media_type)
