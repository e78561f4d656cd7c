"""Webhooks: who could not be told of which publication, and why."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from pipeline.ledger.deliveries import DeliveryReport, DeliveryState, read_deliveries, take_up_again
from web.api import PREFIX
from web.http.auth import Publisher, Reader
from web.http.context import Here
from web.http.responses import answer

routes = APIRouter(prefix=PREFIX, tags=["deliveries"])
MOST, USUAL = 200, 50


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """How deliveries stand."""

    deliveries: tuple[DeliveryReport, ...]


@dataclass(frozen=True, slots=True)
class TakenUp:
    """How many deliveries that were given up are tried anew."""

    count: int


@routes.get("/deliveries", response_model=DeliveryList, summary="Which publications were told, or could not be")
def deliveries(
    here: Here,
    _: Reader,
    state: Annotated[DeliveryState, Query()] = "given_up",
    limit: Annotated[int, Query(ge=1, le=MOST)] = USUAL,
) -> Response:
    with here.ledger.reading() as connection:
        return answer(DeliveryList(read_deliveries(connection, state, limit)))


@routes.post("/deliveries/retry", response_model=TakenUp, summary="Try anew what was given up")
def retry(here: Here, _: Publisher) -> Response:
    count = take_up_again(here.ledger, datetime.now(UTC))
    here.is_news.set()
    return answer(TakenUp(count))
