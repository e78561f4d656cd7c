"""Publications: what viewers have of each session, what was ever promised to them, and look-ups by product."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_

from domain.clock import Seconds, Span
from domain.highlight import HighlightsFile
from domain.review import Promise, Published
from pipeline.engine.serialization import adapter_of
from pipeline.ledger.tables import explanations, promises, publications


@dataclass(frozen=True, slots=True)
class Publication:
    """One revision of a session, how long its replay is and how many highlights it has.

    `digest` is of all that it holds but its number.
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
    """A highlight that viewers have, and one product that it explains: from `start` to `end`, entered at `seek`, all
    seconds of the replay."""

    session_id: str
    highlight_id: str
    product_id: str
    is_main: bool
    is_best: bool
    confidence: float
    start: Seconds
    end: Seconds
    seek: Seconds
    title: str


def read_published(connection: Connection, session_id: str) -> Published:
    """What viewers have of a session; revision 0 before its first publication."""
    document = read_document(connection, session_id)
    if document is None:
        return Published()
    return _published(document, _promised(connection, session_id))


def read_published_until(connection: Connection, session_id: str, revision: int) -> Published:
    """What viewers had of a session when `revision` was its last: `promised` is as it was then."""
    query = select(publications.c.document).where(publications.c.session_id == session_id)
    query = query.where(publications.c.revision <= revision).order_by(publications.c.revision)
    documents = [adapter_of(HighlightsFile).validate_json(found) for found in connection.scalars(query)]
    last = {highlight.id: highlight for document in documents for highlight in document.highlights}
    promised = (Promise(each.id, each.product_ids[0], Span(each.start, each.end)) for each in last.values())
    return _published(documents[-1], promised) if documents else Published()


def _published(document: HighlightsFile, promised: Iterable[Promise]) -> Published:
    named = {product_id for highlight in document.highlights for product_id in highlight.product_ids}
    products = tuple(product for product in document.products if product.product_id in named)
    by_id = tuple(sorted(promised, key=lambda promise: promise.highlight))
    return Published(document.revision, document.highlights, by_id, products)


def _promised(connection: Connection, session_id: str) -> Iterator[Promise]:
    for row in connection.execute(select(promises).where(promises.c.session_id == session_id)):
        yield Promise(row.highlight_id, row.product_id, Span(row.start, row.end))


def read_document(connection: Connection, session_id: str) -> HighlightsFile | None:
    """The highlights.json of a session's last revision."""
    query = select(publications.c.document).where(publications.c.session_id == session_id)
    found = connection.scalar(query.order_by(publications.c.revision.desc()).limit(1))
    return None if found is None else adapter_of(HighlightsFile).validate_json(found)


def last_revision(connection: Connection, session_id: str) -> int:
    """The number of a session's last revision; 0 before the first."""
    query = select(func.max(publications.c.revision)).where(publications.c.session_id == session_id)
    return connection.scalar(query) or 0


def read_latest(connection: Connection, limit: int, offset: int = 0) -> tuple[Publication, ...]:
    """The last revision of each session, the last published first."""
    last = select(publications.c.session_id, func.max(publications.c.revision)).group_by(publications.c.session_id)
    query = _told().where(tuple_(publications.c.session_id, publications.c.revision).in_(last))
    query = query.order_by(publications.c.published_at.desc(), publications.c.session_id).limit(limit).offset(offset)
    return tuple(Publication(**row._mapping) for row in connection.execute(query))


def read_publications(connection: Connection, session_id: str) -> tuple[Publication, ...]:
    """All revisions of a session, the first first."""
    query = _told().where(publications.c.session_id == session_id).order_by(publications.c.revision)
    return tuple(Publication(**row._mapping) for row in connection.execute(query))


def add_publication(
    connection: Connection, document: HighlightsFile, digest: str, by: str, at: datetime | None = None
) -> Publication:
    """Record a revision, of now unless `at` says when, in a transaction that writes of its session."""
    counts = (document.duration, len(document.highlights))
    made = Publication(document.session_id, document.revision, at or datetime.now(UTC), by, *counts, digest)
    columns = {name: getattr(made, name) for name in Publication.__dataclass_fields__}
    text = adapter_of(HighlightsFile).dump_json(document).decode()
    connection.execute(insert(publications).values(**columns, document=text))
    _promise(connection, document)
    connection.execute(delete(explanations).where(explanations.c.session_id == document.session_id))
    rows = list(_explanations(document))
    if rows:
        connection.execute(insert(explanations), rows)
    return made


def explanations_of(connection: Connection, product_id: str, limit: int) -> tuple[Explanation, ...]:
    """Where viewers find a product explained, over all sessions: the clearest first."""
    order = (explanations.c.is_main.desc(), explanations.c.is_best.desc(), explanations.c.confidence.desc())
    ties = (explanations.c.session_id, explanations.c.highlight_id)
    query = select(explanations).where(explanations.c.product_id == product_id).order_by(*order, *ties).limit(limit)
    return tuple(Explanation(**row._mapping) for row in connection.execute(query))


def _told() -> Any:
    """All of a publication but its document."""
    return select(*(publications.c[name] for name in Publication.__dataclass_fields__))


def _promise(connection: Connection, document: HighlightsFile) -> None:
    """Keep every id of the document, as it is in it; others as they were in the last revision that had them."""
    ids = [highlight.id for highlight in document.highlights]
    own = (promises.c.session_id == document.session_id, promises.c.highlight_id.in_(ids))
    connection.execute(delete(promises).where(*own))
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


def _explanations(document: HighlightsFile) -> Iterator[dict[str, Any]]:
    for highlight in document.highlights:
        for place, product_id in enumerate(dict.fromkeys(highlight.product_ids)):
            yield {
                "session_id": document.session_id,
                "highlight_id": highlight.id,
                "product_id": product_id,
                "is_main": place == 0,
                "is_best": highlight.best_take,
                "confidence": highlight.confidence,
                "start": highlight.start,
                "end": highlight.end,
                "seek": highlight.seek,
                "title": highlight.title,
            }
