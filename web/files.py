"""Files as answers: never outside their folder, in parts where a player asks for parts, with ETags."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from fastapi import Request, Response
from starlette.responses import FileResponse

from web.problems import NotThere

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
    return FileResponse(file, headers=kept, media_type=MEDIA_TYPES[file.suffix], stat_result=found)


def _gone() -> NotThere:
    return NotThere("file", "is not there", "check its address")


def has_it(request: Request, etag: str) -> bool:
    """Whether the caller has what `etag` names, by If-None-Match."""
    named = request.headers.get("If-None-Match", "")
    return named.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in named.split(",")}
