"""schema.org for search engines: the show as a VideoObject, each highlight as a Clip of it.

Google shows a video only with a name, a thumbnailUrl and an uploadDate, and asks for a description too. What is not
known is left out. Source: https://developers.google.com/search/docs/appearance/structured-data/video
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from domain.clock import Seconds
from domain.highlight import HighlightsFile
from pipeline.publishing.exports.addresses import Places
from pipeline.publishing.exports.show_facts import ShowFacts

HARMLESS_IN_A_PAGE = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))
BETWEEN_TITLES = {"zh": "、", "en": ", "}
LONGEST_DESCRIPTION = 1000  # characters; search engines show some 160


def json_ld(file: HighlightsFile, places: Places, facts: ShowFacts) -> bytes:
    """`?t=SECONDS` is added to the page's address for a clip. Safe inside a script element of a page.

    Search engines want each start once: of highlights that begin in the same second, the surest is told.
    """
    clips: dict[int, dict[str, Any]] = {}
    for highlight in sorted(file.highlights, key=lambda h: -h.confidence):
        start = int(highlight.seek)
        clip = {"@type": "Clip", "name": highlight.title, "startOffset": start, "endOffset": int(highlight.end)}
        if int(highlight.end) > start:
            clips.setdefault(start, clip | ({"url": _at(places.page, start)} if places.page else {}))
    video: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": facts.title or file.session_id,
        **_known(file, places, facts),
        "inLanguage": file.language,
        "duration": _iso(file.duration),
        "hasPart": [clips[start] for start in sorted(clips)],
    }
    text = json.dumps(video, ensure_ascii=False, indent=1)
    for character, written in HARMLESS_IN_A_PAGE:
        text = text.replace(character, written)
    return text.encode() + b"\n"


def _known(file: HighlightsFile, places: Places, facts: ShowFacts) -> dict[str, str]:
    """What is told where it is known."""
    uploaded = facts.published_at or facts.started_at  # a show that is shown live has its viewers from the start
    told = {
        "description": _description(file),
        "thumbnailUrl": _absolute(places, _thumbnail(file)),
        "uploadDate": _date(uploaded),
        "dateCreated": _date(facts.started_at),
        "contentUrl": places.media or _absolute(places, file.replay),
        "url": places.page,
    }
    return {name: value for name, value in told.items() if value}


def _description(file: HighlightsFile) -> str:
    """What is explained, in the order of the show; whole titles only."""
    between, text = BETWEEN_TITLES[file.language], ""
    for title in dict.fromkeys(highlight.title for highlight in sorted(file.highlights, key=lambda h: h.start)):
        longer = f"{text}{between}{title}" if text else title
        if len(longer) > LONGEST_DESCRIPTION:
            break
        text = longer
    return text


def _thumbnail(file: HighlightsFile) -> str:
    """That of the surest highlight that has one."""
    shown = [highlight for highlight in file.highlights if highlight.thumbnail]
    return max(shown, key=lambda highlight: highlight.confidence).thumbnail or "" if shown else ""


def _absolute(places: Places, address: str) -> str:
    """An address of highlights.json as others reach it; empty where nobody said from where."""
    return urljoin(places.folder, address) if places.files and address else ""


def _date(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _at(page: str, start: int) -> str:
    address, mark, fragment = page.partition("#")
    return f"{address}{'&' if '?' in address else '?'}t={start}{mark}{fragment}"


def _iso(duration: Seconds) -> str:
    """ISO 8601, such as PT1H2M3S."""
    minutes, seconds = divmod(int(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{seconds}S"
