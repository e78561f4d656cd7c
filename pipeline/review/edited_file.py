"""The editable highlights.json: write a draft as a file to be edited, and read it back.

The file is a draft with two more fields: "review", which says what the editor had seen, and "refused", the rejected
entries. An editor may change start, end, seek, product_ids, title and summary; remove an entry to reject it; move one
from "suggestions" or "refused" to "highlights", or set its status to "approved", to approve it; and add one to the
highlights with an empty id. Two entries with one id are a highlight split in two, each part in the section where it
belongs. An entry that grew over a removed one of the same main product was merged with it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from domain.errors import InvalidValue, ReviewError
from domain.highlight import Highlight, HighlightsFile
from domain.session import check_session_id
from pipeline.engine.serialization import type_adapter
from pipeline.outputs.highlights_file import highlights_json
from pipeline.review.draft import Draft

REVIEW_KEY, REFUSED_KEY = "review", "refused"
REMEDY = "mend the file, or export it anew"
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
NEW_ENTRY_DEFAULTS = {
    "id": "",
    "title": "",
    "summary": "",
    "status": "added",
    "confidence": 1.0,
    "moments": [],
    "reasons": [],
    "thumbnail": None,
    "take": 1,
    "best_take": False,
}


@dataclass(frozen=True, slots=True)
class ExportedState:
    """What an editor had seen: the number of edits, the digest of takes.json, and the last published revision.

    `revision` is None in files of versions that did not write it.
    """

    edits: int
    takes: str
    revision: int | None = None

    def __post_init__(self) -> None:
        if self.edits < 0:
            raise InvalidValue(f"nobody can have seen {self.edits} edits")
        if self.revision is not None and self.revision < 0:
            raise InvalidValue(f"nobody can have seen revision {self.revision}")


@dataclass(frozen=True, slots=True)
class _ReviewFields:
    """The fields that an edited file has beside those of highlights.json."""

    review: ExportedState
    refused: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file as its editor left it."""

    exported_state: ExportedState
    file: HighlightsFile
    refused: tuple[Highlight, ...] = ()


def render_editable(draft: Draft, takes_digest: str) -> bytes:
    """The draft as the bytes of a file to be edited."""
    value = json.loads(highlights_json(draft.file))
    refused = type_adapter(tuple[Highlight, ...]).dump_python(draft.refused, mode="json")
    exported_state = ExportedState(len(draft.edits.edits), takes_digest, draft.published.revision)
    document = {REVIEW_KEY: asdict(exported_state), **value, REFUSED_KEY: refused}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def read_edited_file(path: Path) -> EditedFile:
    """Read the edited file at `path`. Raises ReviewError, which names the field."""
    from pydantic import ValidationError

    try:
        value = json.loads(path.read_bytes())
        surrogate_path = next((location for location, text in _iter_texts(value) if LONE_SURROGATE.search(text)), None)
        if surrogate_path is not None:
            raise ReviewError(f"{path}: {surrogate_path}", "holds half a character (a lone surrogate)", REMEDY)
        edited = _parse_edited(value)
    except OSError as problem:
        raise ReviewError(path, f"cannot be read ({problem.strerror})", "check its name and place") from problem
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        field = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"]).lstrip(".")
        raise ReviewError(f"{path}: {field}" if field else path, first["msg"], REMEDY) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        remedy = "edit a file that kandian export --review wrote"
        raise ReviewError(path, f"is no edited highlights.json ({problem})", remedy) from problem
    try:
        check_session_id(edited.file.session_id)
    except InvalidValue as problem:
        raise ReviewError(f"{path}: session_id", str(problem), "leave it as it was exported") from problem
    return edited


def _parse_edited(value: Any) -> EditedFile:
    for section in ("highlights", "suggestions", REFUSED_KEY):
        entries = value.get(section)
        for entry in entries if isinstance(entries, list) else ():
            _fill_new_entry(entry)
    review_values = {REVIEW_KEY: value.pop(REVIEW_KEY), REFUSED_KEY: value.pop(REFUSED_KEY, [])}
    review_fields = type_adapter(_ReviewFields).validate_json(json.dumps(review_values), strict=True)
    file = type_adapter(HighlightsFile).validate_json(json.dumps(value), strict=True)
    return EditedFile(review_fields.review, file, review_fields.refused)


def _iter_texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """All texts in a JSON value, each with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _iter_texts(part, f"{path}[{index}]")
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _iter_texts(part, f"{path}.{name}".lstrip("."))


def _fill_new_entry(entry: Any) -> None:
    """Give a new entry the fields that only the machine fills in."""
    if isinstance(entry, dict) and not entry.get("id"):
        for name, value in {"seek": entry.get("start"), **NEW_ENTRY_DEFAULTS}.items():
            entry.setdefault(name, value)
