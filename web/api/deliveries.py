"""Webhooks: who could not be told of which publication, and why."""

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
    """How deliveries stand."""

    deliveries: tuple[DeliveryReport, ...]


@dataclass(frozen=True, slots=True)
class RetryResult:
    """How many deliveries that were given up are tried anew."""

    count: int


@routes.get("/deliveries", response_model=DeliveryList, summary="Which publications were told, or could not be")
def deliveries(
    context: Context,
    _: Reader,
    state: Annotated[DeliveryState, Query()] = "given_up",
    limit: Limit = DEFAULT_LIMIT,
) -> Response:
    with context.ledger.read_transaction() as connection:
        return json_response(DeliveryList(read_deliveries(connection, state, limit)))


@routes.post("/deliveries/retry", response_model=RetryResult, summary="Try anew what was given up")
def retry(context: Context, _: Publisher) -> Response:
    count = retry_given_up_deliveries(context.ledger, datetime.now(UTC))
    context.deliveries_pending.set()
    return json_response(RetryResult(count))
