"""Publications: what viewers have of each session, every id that was ever published, and look-ups by product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_

from domain.clock import Seconds, Span
from domain.highlight import HighlightsFile
from domain.review import PersistentId, PublishedHighlights
from pipeline.engine.serialization import type_adapter
from pipeline.ledger.tables import explanations, promises, publications


@dataclass(frozen=True, slots=True)
class Publication:
    """One revision of a session. `duration` is that of the replay, `highlights` counts them.

    `digest` is of its content without the revision's number.
    """

    session_id: str
    revision: int
    published_at: datetime
    published_by: str
    duration: Seconds
    highlights: int
    digest: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A published highlight and one of its products. Seconds of the replay; players land at `seek`.

    `confidence`, `product_confidence`, `start_confidence`: as in highlights.json.
    """

    session_id: str
    highlight_id: str
    product_id: str
    is_main: bool
    is_best: bool
    confidence: float
    product_confidence: float
    start_confidence: float
    start: Seconds
    end: Seconds
    seek: Seconds
    title: str


def read_published(connection: Connection, session_id: str) -> PublishedHighlights:
    """What viewers have of a session; revision 0 before the first publication."""
    document = read_document(connection, session_id)
    if document is None:
        return PublishedHighlights()
    return _build_published(document, _read_persistent_ids(connection, session_id))


def read_published_at(connection: Connection, session_id: str, revision: int) -> PublishedHighlights:
    """What viewers had of a session when `revision` was its last; `persistent_ids` are as they were then."""
    query = select(publications.c.document).where(publications.c.session_id == session_id)
    query = query.where(publications.c.revision <= revision).order_by(publications.c.revision)
    adapter = type_adapter(HighlightsFile)
    documents = [adapter.validate_json(document_json) for document_json in connection.scalars(query)]
    latest_by_id = {highlight.id: highlight for document in documents for highlight in document.highlights}
    persistent_ids = (
        PersistentId(each.id, each.product_ids[0], Span(each.start, each.end)) for each in latest_by_id.values()
    )
    return _build_published(documents[-1], persistent_ids) if documents else PublishedHighlights()


def _build_published(document: HighlightsFile, persistent_ids: Iterable[PersistentId]) -> PublishedHighlights:
    product_ids = {product_id for highlight in document.highlights for product_id in highlight.product_ids}
    products = tuple(product for product in document.products if product.product_id in product_ids)
    sorted_ids = tuple(sorted(persistent_ids, key=lambda each: each.highlight_id))
    return PublishedHighlights(document.revision, document.highlights, sorted_ids, products)


def _read_persistent_ids(connection: Connection, session_id: str) -> Iterator[PersistentId]:
    for row in connection.execute(select(promises).where(promises.c.session_id == session_id)):
        yield PersistentId(row.highlight_id, row.product_id, Span(row.start, row.end))


def read_document(connection: Connection, session_id: str) -> HighlightsFile | None:
    """The highlights.json of a session's last revision; None before the first."""
    query = select(publications.c.document).where(publications.c.session_id == session_id)
    document_json = connection.scalar(query.order_by(publications.c.revision.desc()).limit(1))
    return None if document_json is None else type_adapter(HighlightsFile).validate_json(document_json)


def last_revision(connection: Connection, session_id: str) -> int:
    """The number of a session's last revision; 0 before the first."""
    query = select(func.max(publications.c.revision)).where(publications.c.session_id == session_id)
    return connection.scalar(query) or 0


def read_latest_publications(connection: Connection, limit: int, offset: int = 0) -> tuple[Publication, ...]:
    """The last revision of each session, the last published first."""
    last = select(publications.c.session_id, func.max(publications.c.revision)).group_by(publications.c.session_id)
    query = _select_publications().where(tuple_(publications.c.session_id, publications.c.revision).in_(last))
    query = query.order_by(publications.c.published_at.desc(), publications.c.session_id).limit(limit).offset(offset)
    return tuple(Publication(**row._mapping) for row in connection.execute(query))


def read_publications(connection: Connection, session_id: str) -> tuple[Publication, ...]:
    """All revisions of a session, the first first."""
    query = _select_publications().where(publications.c.session_id == session_id).order_by(publications.c.revision)
    return tuple(Publication(**row._mapping) for row in connection.execute(query))


def add_publication(
    connection: Connection, document: HighlightsFile, digest: str, publisher: str, published_at: datetime | None = None
) -> Publication:
    """Record a revision in a write transaction of its session. `published_at` is now unless given."""
    counts = (document.duration, len(document.highlights))
    publication = Publication(
        document.session_id, document.revision, published_at or datetime.now(UTC), publisher, *counts, digest
    )
    columns = {name: getattr(publication, name) for name in Publication.__dataclass_fields__}
    text = type_adapter(HighlightsFile).dump_json(document).decode()
    connection.execute(insert(publications).values(**columns, document=text))
    _save_persistent_ids(connection, document)
    connection.execute(delete(explanations).where(explanations.c.session_id == document.session_id))
    rows = list(_explanation_rows(document))
    if rows:
        connection.execute(insert(explanations), rows)
    return publication


def find_explanations(connection: Connection, product_id: str, limit: int) -> tuple[Explanation, ...]:
    """Published explanations of a product over all sessions: main product, best take and high confidence first."""
    order = (explanations.c.is_main.desc(), explanations.c.is_best.desc(), explanations.c.confidence.desc())
    ties = (explanations.c.session_id, explanations.c.highlight_id)
    query = select(explanations).where(explanations.c.product_id == product_id).order_by(*order, *ties).limit(limit)
    return tuple(Explanation(**row._mapping) for row in connection.execute(query))


def _select_publications() -> Any:
    """The columns of a publication, without its document."""
    return select(*(publications.c[name] for name in Publication.__dataclass_fields__))


def _save_persistent_ids(connection: Connection, document: HighlightsFile) -> None:
    """Store every highlight id of the document; ids of earlier revisions stay as they were last published."""
    ids = [highlight.id for highlight in document.highlights]
    is_replaced = (promises.c.session_id == document.session_id, promises.c.highlight_id.in_(ids))
    connection.execute(delete(promises).where(*is_replaced))
    rows = [
        {
            "session_id": document.session_id,
            "highlight_id": highlight.id,
            "revision": document.revision,
            "product_id": highlight.product_ids[0],
            "start": highlight.start,
            "end": highlight.end,
        }
        for highlight in document.highlights
    ]
    if rows:
        connection.execute(insert(promises), rows)


def _explanation_rows(document: HighlightsFile) -> Iterator[dict[str, Any]]:
    for highlight in document.highlights:
        for index, product_id in enumerate(dict.fromkeys(highlight.product_ids)):
            yield {
                "session_id": document.session_id,
                "highlight_id": highlight.id,
                "product_id": product_id,
                "is_main": index == 0,
                "is_best": highlight.best_take,
                "confidence": highlight.confidence,
                "product_confidence": highlight.product_confidence,
                "start_confidence": highlight.start_confidence,
                "start": highlight.start,
                "end": highlight.end,
                "seek": highlight.seek,
                "title": highlight.title,
            }
