"""Webhook deliveries: one row for each publication and address, written with the publication and never removed."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Update, and_, func, insert, select, update

from pipeline.ledger.database import Ledger
from pipeline.ledger.tables import deliveries

WRITE_LOCK_KEY = "deliveries"  # one writer at a time
CLAIM_DURATION = timedelta(minutes=2)  # after that another process may claim it: the first one died
MIN_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(seconds=30), timedelta(hours=6)
MAX_ATTEMPTS = 12  # the last about a day after the first


DeliveryState = Literal["waiting", "told", "given_up"]
DELIVERY_STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One publication to be sent to one address. `attempts` counts those begun."""

    session_id: str
    revision: int
    address: str
    body: str
    attempts: int

    @property
    def id(self) -> str:
        """The same at every attempt, so that a receiver can recognise a repetition."""
        return f"{self.session_id}/r{self.revision}"


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """The state of a delivery: its host, past attempts, the next one, and the problem of the last one."""

    session_id: str
    revision: int
    host: str
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    told_at: datetime | None
    problem: str | None


def add_delivery(connection: Connection, delivery: Delivery, now: datetime) -> None:
    """Add a delivery, in the transaction that records its publication."""
    connection.execute(insert(deliveries).values(**asdict(replace(delivery, attempts=0)), due_at=now))


def claim_due_delivery(ledger: Ledger, now: datetime, failed_addresses: Collection[str] = ()) -> Delivery | None:
    """Claim the delivery that has been due longest, except to `failed_addresses`; None where none is due.

    For `CLAIM_DURATION` no other process gets it.
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
    """Record that a claimed delivery arrived, or its `problem` and when to try again.

    After `MAX_ATTEMPTS` it is given up. A delivery that another process made meanwhile stays delivered.
    """
    delay = min(MIN_RETRY_DELAY * 2 ** (delivery.attempts - 1), MAX_RETRY_DELAY)
    is_given_up = problem is not None and delivery.attempts >= MAX_ATTEMPTS
    due_at = None if problem is None or is_given_up else now + delay
    delivered_at = now if problem is None else None
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        undelivered = _update_delivery(delivery).where(deliveries.c.delivered_at.is_(None))
        connection.execute(undelivered.values(delivered_at=delivered_at, due_at=due_at, problem=problem))


def read_deliveries(connection: Connection, state: DeliveryState, limit: int) -> tuple[DeliveryReport, ...]:
    """The deliveries in `state`, by session, the last revision first."""
    order = (deliveries.c.session_id, deliveries.c.revision.desc(), deliveries.c.address)
    rows = connection.execute(select(deliveries).where(_has_state(state)).order_by(*order).limit(limit))
    return tuple(
        DeliveryReport(
            row.session_id,
            row.revision,
            urlsplit(row.address).hostname or "",  # the rest of an address may be secret
            state,
            row.attempts,
            row.due_at,
            row.delivered_at,
            row.problem,
        )
        for row in rows
    )


def count_deliveries(connection: Connection) -> Mapping[DeliveryState, int]:
    """The number of deliveries in each state."""
    count_query = select(func.count()).select_from(deliveries)
    return {state: connection.scalar(count_query.where(_has_state(state))) or 0 for state in DELIVERY_STATES}


def retry_given_up_deliveries(ledger: Ledger, now: datetime) -> int:
    """Start again with all deliveries that were given up; returns how many."""
    with ledger.write_transaction(WRITE_LOCK_KEY) as connection:
        update_query = update(deliveries).where(_has_state("given_up")).values(attempts=0, due_at=now)
        return connection.execute(update_query).rowcount


def _has_state(state: DeliveryState) -> ColumnElement[bool]:
    is_delivered, is_due = deliveries.c.delivered_at.is_not(None), deliveries.c.due_at.is_not(None)
    if state == "told":
        return is_delivered
    return and_(~is_delivered, is_due if state == "waiting" else ~is_due)


def _update_delivery(delivery: Delivery) -> Update:
    return update(deliveries).where(
        deliveries.c.session_id == delivery.session_id,
        deliveries.c.revision == delivery.revision,
        deliveries.c.address == delivery.address,
    )
