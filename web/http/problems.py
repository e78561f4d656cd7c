"""Errors as JSON for programs, RFC 9457: what went wrong, where, and what to do."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from domain.errors import ConflictError, InputError, KandianError, PlacedError, TransientError, UsageError
from kandian.terminal.cells import printable
from pipeline.engine.serialization import adapter_of

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
UNPROCESSABLE = HTTPStatus(422)  # whose name differs between versions of Python
ECHOING = {"union_tag_invalid": "is none of the kinds that there are"}  # pydantic's own words repeat the input


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document. `detail` is `what` and `remedy` in one line; `where`: in the request, or which thing."""

    type: str
    title: str
    status: int
    detail: str
    where: str = ""
    what: str = ""
    remedy: str = ""


class NotThere(InputError):
    """What was asked for is not there."""


class NotAllowed(PlacedError):
    """Whoever asks is not known, or may not do it."""

    def __init__(self, where: str, what: str, remedy: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(where, what, remedy)
        self.status = status


class PreconditionMissing(UsageError):
    """A change does not say what it was made from."""


def answer_problems(app: FastAPI) -> None:
    """Let every error that leaves a route be answered as a problem."""
    app.add_exception_handler(KandianError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _of_mistake)


def problem(status: HTTPStatus, error: PlacedError | str, headers: Mapping[str, str] | None = None) -> Response:
    """A problem as an answer."""
    if isinstance(error, str):
        document = Problem("about:blank", status.phrase, status, error)
    else:
        detail = f"{error.what}; {error.remedy}"
        document = Problem("about:blank", status.phrase, status, detail, error.where, error.what, error.remedy)
    body = adapter_of(Problem).dump_json(document)
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


def status_of(error: KandianError) -> HTTPStatus:
    """The status that tells a program what kind of error it is."""
    match error:
        case NotThere():
            return HTTPStatus.NOT_FOUND
        case NotAllowed():
            return error.status
        case PreconditionMissing():
            return HTTPStatus.PRECONDITION_REQUIRED
        case ConflictError():
            return HTTPStatus.PRECONDITION_FAILED
        case UsageError():
            return HTTPStatus.BAD_REQUEST
        case _:
            return UNPROCESSABLE


async def _of_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, PlacedError):
        return problem(UNPROCESSABLE, str(error))
    if isinstance(error, TransientError):
        return _later(error)
    headers = {}
    if isinstance(error, NotAllowed) and error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status_of(error), _without_place(error, str(request.app.state.served.out)), headers)


def _later(error: TransientError) -> Response:
    """Whoever runs the server is told what does not work; whoever asked need not know which database that is."""
    print(printable(str(error)), file=sys.stderr)
    told = PlacedError("kandian", "cannot answer now", "try again; the server's log says more")
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, told, {"Retry-After": str(RETRY_AFTER_S)})


def _without_place(error: PlacedError, out: str) -> PlacedError:
    """The error without telling where on the machine the results lie."""
    return PlacedError(*(part.replace(out, "OUT") for part in (error.where, error.what, error.remedy)))


async def _of_request(_: Request, error: Exception) -> Response:
    """The first thing that is wrong with a request, without repeating what was sent."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    what = ECHOING.get(first["type"], str(first["msg"]))
    return problem(UNPROCESSABLE, PlacedError(where, what, "see /openapi.json"))


async def _of_http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem(HTTPStatus(error.status_code), str(error.detail), error.headers)


async def _of_mistake(_: Request, __: Exception) -> Response:
    """The server logs it with its traceback; whoever asked learns nothing of that."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "kandian made a mistake; its log says more")
