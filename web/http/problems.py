"""Errors as problem documents for programs (RFC 9457): what went wrong, where, and what to do."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from domain.errors import ConflictError, InputError, KandianError, LocatedError, TransientError, UsageError
from domain.text import printable
from pipeline.engine.serialization import type_adapter

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
UNPROCESSABLE = HTTPStatus(422)  # its name differs between versions of Python
MESSAGES_WITHOUT_INPUT = {"union_tag_invalid": "is none of the kinds that there are"}  # pydantic's shows the input


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document. `detail` is `what` and `remedy` in one line; `where` is a field of the request or a thing."""

    type: str
    title: str
    status: int
    detail: str
    where: str = ""
    what: str = ""
    remedy: str = ""


class NotFoundError(InputError):
    """The requested thing does not exist."""


class AccessDeniedError(LocatedError):
    """The caller is unknown, or lacks the scope."""

    def __init__(self, where: str, what: str, remedy: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(where, what, remedy)
        self.status = status


class PreconditionRequiredError(UsageError):
    """A change does not say which draft it was made from."""


def install_problem_handlers(app: FastAPI, out: Path) -> None:
    """Let every error that leaves a route be answered as a problem. The answer does not name the folder `out`."""

    async def handle_kandian_error(_: Request, error: Exception) -> Response:
        return _kandian_error_response(error, str(out))

    app.add_exception_handler(KandianError, handle_kandian_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)
    app.add_exception_handler(HTTPException, _handle_http_exception)
    app.add_exception_handler(Exception, _handle_unexpected_error)


def problem_response(
    status: HTTPStatus, error: LocatedError | str, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as an answer."""
    if isinstance(error, str):
        document = Problem("about:blank", status.phrase, status, error)
    else:
        detail = f"{error.what}; {error.remedy}"
        document = Problem("about:blank", status.phrase, status, detail, error.where, error.what, error.remedy)
    body = type_adapter(Problem).dump_json(document)
    return Response(body, status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


def status_of(error: KandianError) -> HTTPStatus:
    """The HTTP status of an error."""
    match error:
        case NotFoundError():
            return HTTPStatus.NOT_FOUND
        case AccessDeniedError():
            return error.status
        case PreconditionRequiredError():
            return HTTPStatus.PRECONDITION_REQUIRED
        case ConflictError():
            return HTTPStatus.PRECONDITION_FAILED
        case UsageError():
            return HTTPStatus.BAD_REQUEST
        case _:
            return UNPROCESSABLE


def _kandian_error_response(error: Exception, out: str) -> Response:
    if not isinstance(error, LocatedError):
        return problem_response(UNPROCESSABLE, str(error))
    if isinstance(error, TransientError):
        return _unavailable_response(error)
    headers = {}
    if isinstance(error, AccessDeniedError) and error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(status_of(error), _hide_results_path(error, out), headers)


def _unavailable_response(error: TransientError) -> Response:
    """Print the error for whoever runs the server; the caller need not know which database does not answer."""
    print(printable(str(error)), file=sys.stderr)
    public_error = LocatedError("kandian", "cannot answer now", "try again; the server's log says more")
    return problem_response(HTTPStatus.SERVICE_UNAVAILABLE, public_error, {"Retry-After": str(RETRY_AFTER_S)})


def _hide_results_path(error: LocatedError, out: str) -> LocatedError:
    """The error without the path of the results on this machine."""
    return LocatedError(*(part.replace(out, "OUT") for part in (error.where, error.what, error.remedy)))


async def _handle_validation_error(_: Request, error: Exception) -> Response:
    """The first error in a request, without repeating its input."""
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"])
    what = MESSAGES_WITHOUT_INPUT.get(first["type"], str(first["msg"]))
    return problem_response(UNPROCESSABLE, LocatedError(where, what, "see /openapi.json"))


async def _handle_http_exception(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return problem_response(HTTPStatus(error.status_code), str(error.detail), error.headers)


async def _handle_unexpected_error(_: Request, __: Exception) -> Response:
    """The server logs the traceback; the caller does not see it."""
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, "kandian made a mistake; its log says more")
