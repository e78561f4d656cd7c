"""Files as answers: never from outside their folder, with ranges and ETags."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi import Request, Response
from starlette.responses import FileResponse

from web.http.problems import NotFoundError, problem_response

MEDIA_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
"""By file suffix. Files with another suffix are not served."""

RANGE_HEADER = re.compile(r"bytes=(?=.*\d)(\d{0,18}-\d{0,18})(\s*,\s*\d{0,18}-\d{0,18})*", re.IGNORECASE)

BINARY_CONTENT = {"schema": {"type": "string", "format": "binary"}}
FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"*/*": BINARY_CONTENT}},
    206: {"description": "The part that Range asked for.", "content": {"*/*": BINARY_CONTENT}},
    304: {"description": "You have it."},
}
"""How OpenAPI describes the answer with a file."""


def resolve_file(folder: Path, address: str) -> Path:
    """The file at `address`, relative to `folder`. Raises NotFoundError unless it is a plain file inside it."""
    parts = PurePosixPath(address).parts
    if "\0" in address or "\\" in address or not parts or any(part.startswith((".", "/")) for part in parts):
        raise _file_not_found()
    try:
        root, file = folder.resolve(), (folder / address).resolve(strict=True)
    except (OSError, RuntimeError):  # not there, too long, or links in a ring
        raise _file_not_found() from None
    if not file.is_relative_to(root) or not file.is_file() or file.suffix not in MEDIA_TYPES:
        raise _file_not_found()
    return file


def file_response(request: Request, file: Path, headers: Mapping[str, str]) -> Response:
    """The file, or the requested range of it; 304 where the caller has it already."""
    try:
        file_stat = file.stat()
    except OSError:
        raise _file_not_found() from None
    etag = f'"{file_stat.st_mtime_ns:x}-{file_stat.st_size:x}"'
    if matches_etag(request, etag):
        return Response(status_code=304, headers={**headers, "ETag": etag})
    file_headers = {**headers, "ETag": etag}
    if not _keep_satisfiable_ranges(request, file_stat.st_size):
        range_headers = {**headers, "Content-Range": f"bytes */{file_stat.st_size}"}
        return problem_response(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, f"the file has {file_stat.st_size} bytes", range_headers
        )
    return FileResponse(file, headers=file_headers, media_type=MEDIA_TYPES[file.suffix], stat_result=file_stat)


def _keep_satisfiable_ranges(request: Request, size: int) -> bool:
    """Whether the file can satisfy one of the requested ranges; those that it cannot are removed from the request.

    An invalid Range header is removed too: it asks for the whole file (RFC 9110, 14.2).
    """
    range_header = request.headers.get("Range", "").strip()
    bounds = (
        [part.split("-") for part in range_header.partition("=")[2].split(",")]
        if RANGE_HEADER.fullmatch(range_header)
        else []
    )
    ranges = [(first.strip(), last.strip()) for first, last in bounds]
    other_headers = [header for header in request.scope["headers"] if header[0] != b"range"]
    if not ranges or any(first and last and int(first) > int(last) for first, last in ranges):
        request.scope["headers"] = other_headers
        return True
    satisfiable = [f"{first}-{last}" for first, last in ranges if (int(first) < size if first else last and int(last))]
    if satisfiable:
        request.scope["headers"] = [*other_headers, (b"range", f"bytes={','.join(satisfiable)}".encode())]
    return bool(satisfiable) or "If-Range" in request.headers


def _file_not_found() -> NotFoundError:
    return NotFoundError("file", "is not there", "check its address")


def matches_etag(request: Request, etag: str) -> bool:
    """Whether If-None-Match says that the caller has what `etag` names."""
    if_none_match = request.headers.get("If-None-Match", "")
    known_etags = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return if_none_match.strip() == "*" or etag in known_etags
