"""OpenTimelineIO: the replay as one clip, the highlights as markers on it, for video editors.

Source: the serialized form of OpenTimelineIO 0.17, https://opentimelineio.readthedocs.io
"""

import json
from typing import Any

from domain.clock import Seconds
from domain.highlight import Highlight, HighlightsFile

RATE = 1000  # times are told in milliseconds: exact for what highlights.json says


def otio(file: HighlightsFile, media: str) -> bytes:
    """`media` is the address that the clip refers to; without one, the replay's own, relative to highlights.json."""
    whole = _range(0.0, file.duration)
    reference = _schema("ExternalReference.1", target_url=media or file.replay, available_range=whole)
    clip = _schema(
        "Clip.2",
        name=file.session_id,
        source_range=whole,
        media_references={"DEFAULT_MEDIA": reference},
        active_media_reference_key="DEFAULT_MEDIA",
        markers=[_marker(highlight) for highlight in file.highlights],
    )
    track = _schema("Track.1", name="video", kind="Video", children=[clip])
    stack = _schema("Stack.1", name="tracks", children=[track])
    timeline = _schema("Timeline.1", name=file.session_id, tracks=stack)
    return json.dumps(timeline, ensure_ascii=False, indent=1).encode() + b"\n"


def _marker(highlight: Highlight) -> dict[str, Any]:
    own = {"id": highlight.id, "product_ids": list(highlight.product_ids), "confidence": highlight.confidence}
    return _schema(
        "Marker.2",
        name=highlight.title,
        color="GREEN" if highlight.best_take else "CYAN",
        marked_range=_range(highlight.start, highlight.end),
        comment=highlight.summary,
        metadata={"kandian": own | {"seek": highlight.seek, "status": highlight.status}},
    )


def _range(start: Seconds, end: Seconds) -> dict[str, Any]:
    first, last = round(start * RATE), round(end * RATE)
    begin = _schema("RationalTime.1", rate=float(RATE), value=float(first))
    length = _schema("RationalTime.1", rate=float(RATE), value=float(last - first))
    return _schema("TimeRange.1", start_time=begin, duration=length)


def _schema(kind: str, /, **fields: object) -> dict[str, Any]:
    return {"OTIO_SCHEMA": kind, **fields}
