"""What is still to be told to others: a row a publication and address, written with the publication, kept for good."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Update, and_, func, insert, select, update

from pipeline.ledger.database import Ledger
from pipeline.ledger.tables import deliveries

WRITE_LOCK_KEY = "deliveries"  # are written by one at a time
CLAIM_DURATION = timedelta(minutes=2)  # whoever took a delivery and died: it is taken again after that
MIN_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(seconds=30), timedelta(hours=6)
MAX_ATTEMPTS = 12  # the last about a day after the first


DeliveryState = Literal["waiting", "told", "given_up"]
DELIVERY_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One publication to be told to one address. `attempts` counts those begun."""

    session_id: str
    revision: int
    address: str
    body: str
    attempts: int

    @property
    def id(self) -> str:
        """The same at every attempt, so that whoever is told twice can see it."""
        return f"{self.session_id}/r{self.revision}"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How a delivery stands: to which host, how often it was tried, when next, and what was wrong the last time."""

    session_id: str
    revision: int
    host: str
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    told_at: datetime | None
    problem: str | None


def add_delivery(connection: Connection, delivery: Delivery, now: datetime) -> None:
    """Let a publication be told, in the transaction that records it."""
    values = (delivery.session_id, delivery.revision, delivery.address, delivery.body)
    names = ("session_id", "revision", "address", "body")
    connection.execute(insert(deliveries).values(**dict(zip(names, values, strict=True)), attempts=0, due_at=now))


def claim_due_delivery(ledger: Ledger, now: datetime, failed_addresses: Collection[str] = ()) -> Delivery | None:
    """The delivery that is due longest, to no `failed_addresses` address: nobody else is given it for
    `CLAIM_DURATION`.
    """
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        due = and_(_has_state("waiting"), deliveries.c.due_at <= now, deliveries.c.address.not_in(failed_addresses))
        columns = [deliveries.c[name] for name in Delivery.__dataclass_fields__]
        row = connection.execute(select(*columns).where(due).order_by(deliveries.c.due_at).limit(1)).first()
        if row is None:
            return None
        claimed = replace(Delivery(**row._mapping), attempts=row.attempts + 1)
        connection.execute(_update_delivery(claimed).values(attempts=claimed.attempts, due_at=now + CLAIM_DURATION))
        return claimed


def record_attempt(ledger: Ledger, delivery: Delivery, now: datetime, problem: str | None) -> None:
    """Record how a claimed delivery ended: told, or why not and when next. After `MAX_ATTEMPTS` it is given up.

    What somebody else told meanwhile stays told.
    """
    delay = min(MIN_RETRY_DELAY * 2 ** (delivery.attempts - 1), MAX_RETRY_DELAY)
    is_given_up = problem is not None and delivery.attempts >= MAX_ATTEMPTS
    due_at = None if problem is None or is_given_up else now + delay
    delivered_at = now if problem is None else None
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        undelivered = _update_delivery(delivery).where(deliveries.c.delivered_at.is_(None))
        connection.execute(undelivered.values(delivered_at=delivered_at, due_at=due_at, problem=problem))


def read_deliveries(connection: Connection, state: DeliveryState, limit: int) -> tuple[DeliveryReport, ...]:
    """How deliveries stand that are in `state`, by session and revision, the last revision first."""
    order = (deliveries.c.session_id, deliveries.c.revision.desc(), deliveries.c.address)
    rows = connection.execute(select(deliveries).where(_has_state(state)).order_by(*order).limit(limit))
    return tuple(
        DeliveryReport(
            row.session_id,
            row.revision,
            urlsplit(row.address).hostname or "",  # the rest may be known to its owner alone
            state,
            row.attempts,
            row.due_at,
            row.delivered_at,
            row.problem,
        )
        for row in rows
    )


def count_deliveries(connection: Connection) -> Mapping[DeliveryState, int]:
    """How many there are of each state."""
    count_query = select(func.count()).select_from(deliveries)
    return {state: connection.scalar(count_query.where(_has_state(state))) or 0 for state in DELIVERY_STATES}


def retry_given_up_deliveries(ledger: Ledger, now: datetime) -> int:
    """Let all that was given up be tried anew, from the first wait on; returns how many."""
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        update_query = update(deliveries).where(_has_state("given_up")).values(attempts=0, due_at=now)
        return connection.execute(update_query).rowcount


def _has_state(state: DeliveryState) -> ColumnElement[bool]:
    is_told, is_due = deliveries.c.delivered_at.is_not(None), deliveries.c.due_at.is_not(None)
    return {"told": is_told, "waiting": and_(~is_told, is_due), "given_up": and_(~is_told, ~is_due)}[state]


def _update_delivery(delivery: Delivery) -> Update:
    return update(deliveries).where(
        deliveries.c.session_id == delivery.session_id,
        deliveries.c.revision == delivery.revision,
        deliveries.c.address == delivery.address,
    )
