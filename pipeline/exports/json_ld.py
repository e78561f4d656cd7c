"""schema.org for search engines: the show as a VideoObject, each highlight as a Clip of it."""

import json
from typing import Any

from domain.clock import Seconds
from domain.highlight import HighlightsFile

HARMLESS_IN_A_PAGE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))


def json_ld(file: HighlightsFile, page: str) -> bytes:
    """`page` is the address that plays the show; `?t=SECONDS` is added. Safe inside a script element of a page.

    Search engines want each start once: of highlights that begin in the same second, the surest is told.
    """
    clips: dict[int, dict[str, Any]] = {}
    for highlight in sorted(file.highlights, key=lambda h: -h.confidence):
        start = int(highlight.seek)
        clip = {"@type": "Clip", "name": highlight.title, "startOffset": start, "endOffset": int(highlight.end)}
        if int(highlight.end) > start:
            clips.setdefault(start, clip | ({"url": _at(page, start)} if page else {}))
    video: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": file.session_id,
        "inLanguage": file.language,
        "duration": _iso(file.duration),
        **({"url": page} if page else {}),
        "hasPart": [clips[start] for start in sorted(clips)],
    }
    text = json.dumps(video, ensure_ascii=False, indent=1)
    for character, written in HARMLESS_IN_A_PAGE:
        text = text.replace(character, written)
    return text.encode() + b"\n"


def _at(page: str, start: int) -> str:
    address, mark, fragment = page.partition("#")
    return f"{address}{'&' if '?' in address else '?'}t={start}{mark}{fragment}"


def _iso(duration: Seconds) -> str:
    """ISO 8601, such as PT1H2M3S."""
    minutes, seconds = divmod(int(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{seconds}S"
