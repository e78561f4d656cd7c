"""Liveness, readiness and metrics of the server."""

import os
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Response

from domain.errors import ToolError
from pipeline.ledger.deliveries import count_deliveries
from web.http.auth import Reader
from web.http.context import Context
from web.http.metrics import MEDIA_TYPE
from web.http.responses import NO_STORE, json_response

routes = APIRouter(tags=["health"])


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of a healthy server."""

    status: Literal["ok"] = "ok"


@routes.get("/healthz", response_model=Health, summary="It answers")
async def alive() -> Response:
    return json_response(Health())


@routes.get("/readyz", response_model=Health, summary="Its ledger answers and its results can be read")
def ready(context: Context) -> Response:
    with context.ledger.read_transaction() as connection:
        connection.exec_driver_sql("SELECT 1")
    if not os.access(context.out, os.R_OK | os.X_OK):
        raise ToolError("OUT", "cannot be read", "look at the folder that kandian serve was given")
    return json_response(Health())


@routes.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "In Prometheus' text format."}},
    summary="Figures for Prometheus",
)
def metrics(context: Context, _: Reader) -> Response:
    with context.ledger.read_transaction() as connection:
        for state, count in count_deliveries(connection).items():
            context.metrics.deliveries.labels(state).set(count)
    return Response(context.metrics.prometheus_text(), headers={**NO_STORE, "Content-Type": MEDIA_TYPE})
