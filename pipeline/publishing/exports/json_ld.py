"""JSON-LD with schema.org's terms, for search engines: the show as a VideoObject, each highlight as a Clip of it.

Google shows a video only with a name, a thumbnailUrl and an uploadDate, and asks for a description too. Unknown
properties are left out. Source: https://developers.google.com/search/docs/appearance/structured-data/video
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from domain.clock import Seconds
from domain.highlight import HighlightsFile
from pipeline.publishing.exports.addresses import ShowAddresses
from pipeline.publishing.exports.show_facts import ShowFacts

SCRIPT_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))
TITLE_SEPARATORS = {"zh": "、", "en": ", "}
MAX_DESCRIPTION_LENGTH = 1000  # characters; search engines show some 160


def render_json_ld(file: HighlightsFile, addresses: ShowAddresses, facts: ShowFacts) -> bytes:
    """The show as JSON-LD, safe inside a script element of a page. A clip's address is the page's with `?t=SECONDS`.

    Search engines want each start once: of highlights that begin in the same second, the most confident is kept.
    """
    clips: dict[int, dict[str, Any]] = {}
    for highlight in sorted(file.highlights, key=lambda h: -h.confidence):
        start = int(highlight.seek)
        clip = {"@type": "Clip", "name": highlight.title, "startOffset": start, "endOffset": int(highlight.end)}
        if int(highlight.end) > start:
            clips.setdefault(start, clip | ({"url": _url_at(addresses.page_url, start)} if addresses.page_url else {}))
    video: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": facts.title or file.session_id,
        **_optional_properties(file, addresses, facts),
        "inLanguage": file.language,
        "duration": _iso_duration(file.duration),
        "hasPart": [clips[start] for start in sorted(clips)],
    }
    text = json.dumps(video, ensure_ascii=False, indent=1)
    for character, escape in SCRIPT_ESCAPES:
        text = text.replace(character, escape)
    return text.encode() + b"\n"


def _optional_properties(file: HighlightsFile, addresses: ShowAddresses, facts: ShowFacts) -> dict[str, str]:
    """The properties that are left out where they are not known."""
    uploaded = facts.published_at or facts.started_at  # a live show has viewers from its start
    properties = {
        "description": _description(file),
        "thumbnailUrl": _absolute_url(addresses, _thumbnail(file)),
        "uploadDate": _iso_date(uploaded),
        "dateCreated": _iso_date(facts.started_at),
        "contentUrl": addresses.media_url or _absolute_url(addresses, file.replay),
        "url": addresses.page_url,
    }
    return {name: value for name, value in properties.items() if value}


def _description(file: HighlightsFile) -> str:
    """The titles in the order of the show, as many whole ones as fit."""
    separator, text = TITLE_SEPARATORS[file.language], ""
    for title in dict.fromkeys(highlight.title for highlight in sorted(file.highlights, key=lambda h: h.start)):
        extended = f"{text}{separator}{title}" if text else title
        if len(extended) > MAX_DESCRIPTION_LENGTH:
            break
        text = extended
    return text


def _thumbnail(file: HighlightsFile) -> str:
    """The thumbnail of the most confident highlight that has one."""
    with_thumbnail = [highlight for highlight in file.highlights if highlight.thumbnail]
    return max(with_thumbnail, key=lambda highlight: highlight.confidence).thumbnail or "" if with_thumbnail else ""


def _absolute_url(addresses: ShowAddresses, address: str) -> str:
    """An address in highlights.json as an absolute one; empty where the base is not given."""
    return urljoin(addresses.base_url, address) if addresses.files_url and address else ""


def _iso_date(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _url_at(page: str, start: int) -> str:
    address, hash_mark, fragment = page.partition("#")
    return f"{address}{'&' if '?' in address else '?'}t={start}{hash_mark}{fragment}"


def _iso_duration(duration: Seconds) -> str:
    """A duration in ISO 8601, such as PT1H2M3S."""
    minutes, seconds = divmod(int(duration), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{seconds}S"
