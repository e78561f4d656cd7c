"""Webhook deliveries: which publications did not reach their address, and why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.ledger.deliveries import DeliveryReport, DeliveryState, read_deliveries, retry_given_up_deliveries
from web.api import PREFIX
from web.api.paging import DEFAULT_LIMIT, Limit
from web.http.auth import Publisher, Reader
from web.http.context import Context
from web.http.responses import json_response

routes = APIRouter(prefix=PREFIX, tags=["deliveries"])


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """Webhook deliveries in one state."""

    deliveries: tuple[DeliveryReport, ...]


@dataclass(frozen=True, slots=True)
class RetryResult:
    """How many deliveries that were given up are tried again."""

    count: int


@routes.get("/deliveries", response_model=DeliveryList, summary="Which publications reached their address, or did not")
def deliveries(
    context: Context,
    _: Reader,
    state: Annotated[DeliveryState, Query()] = "given_up",
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    with context.ledger.read_transaction() as connection:
        return json_response(DeliveryList(read_deliveries(connection, state, limit)))


@routes.post("/deliveries/retry", response_model=RetryResult, summary="Try again what was given up")
def retry(context: Context, _: Publisher) -> Response:
    count = retry_given_up_deliveries(context.ledger, datetime.now(UTC))
    context.deliveries_pending.set()
    return json_response(RetryResult(count))
