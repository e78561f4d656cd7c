"""Files as answers: never outside their folder, in parts where a player asks for parts, with ETags."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi import Request, Response
from starlette.responses import FileResponse

from web.http.problems import NotThere, problem

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
"""Nothing else is served: no folder of ours holds anything else for players."""

RANGES = re.compile(r"bytes=(?=.*\d)(\d{0,18}-\d{0,18})(\s*,\s*\d{0,18}-\d{0,18})*", re.IGNORECASE)

ANY = {"schema": {"type": "string", "format": "binary"}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"*/*": ANY}},
    206: {"description": "The part that Range asked for.", "content": {"*/*": ANY}},
    304: {"description": "You have it."},
}
"""How OpenAPI tells of a file."""


def file_in(folder: Path, address: str) -> Path:
    """The file at `address`, relative to `folder`. Raises NotThere for all that is not a plain file inside of it."""
    parts = PurePosixPath(address).parts
    if "\0" in address or "\\" in address or not parts or any(part.startswith((".", "/")) for part in parts):
        raise _gone()
    try:
        root, file = folder.resolve(), (folder / address).resolve(strict=True)
    except (OSError, RuntimeError):  # not there, too long, or links in a ring
        raise _gone() from None
    if not file.is_relative_to(root) or not file.is_file() or file.suffix not in MEDIA_TYPES:
        raise _gone()
    return file


def answer_file(request: Request, file: Path, headers: Mapping[str, str]) -> Response:
    """The file, or the part that was asked for; 304 to whoever has it."""
    try:
        found = file.stat()
    except OSError:
        raise _gone() from None
    etag = f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
    if has_it(request, etag):
        return Response(status_code=304, headers={**headers, "ETag": etag})
    kept = {**headers, "ETag": etag}
    if not _has_parts(request, found.st_size):
        beyond = {**headers, "Content-Range": f"bytes */{found.st_size}"}
        return problem(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, f"the file has {found.st_size} bytes", beyond)
    return FileResponse(file, headers=kept, media_type=MEDIA_TYPES[file.suffix], stat_result=found)


def _has_parts(request: Request, size: int) -> bool:
    """Whether the file has one of the parts that are asked for; those that it has not are taken out of the request.

    A Range that is none is taken out too: it asks for the whole file (RFC 9110, 14.2).
    """
    asked = request.headers.get("Range", "").strip()
    found = [part.split("-") for part in asked.partition("=")[2].split(",")] if RANGES.fullmatch(asked) else []
    parts = [(first.strip(), last.strip()) for first, last in found]
    others = [one for one in request.scope["headers"] if one[0] != b"range"]
    if not parts or any(first and last and int(first) > int(last) for first, last in parts):
        request.scope["headers"] = others
        return True
    there = [f"{first}-{last}" for first, last in parts if (int(first) < size if first else last and int(last))]
    if there:
        request.scope["headers"] = [*others, (b"range", f"bytes={','.join(there)}".encode())]
    return bool(there) or "If-Range" in request.headers


def _gone() -> NotThere:
    return NotThere("file", "is not there", "check its address")


def has_it(request: Request, etag: str) -> bool:
    """Whether the caller has what `etag` names, by If-None-Match."""
    named = request.headers.get("If-None-Match", "")
    return named.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in named.split(",")}
