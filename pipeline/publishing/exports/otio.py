"""OpenTimelineIO: the replay as one clip, the highlights as markers on it, for video editors.

Source: the serialized form of OpenTimelineIO 0.17, https://opentimelineio.readthedocs.io
"""

import json
from typing import Any

from domain.clock import Seconds
from domain.highlight import Highlight, HighlightsFile

TICKS_PER_SECOND = 1000  # exact: times in highlights.json have three decimals


def render_otio(file: HighlightsFile, media_url: str) -> bytes:
    """The timeline as JSON. `media_url`: the clip's media; else the replay's address relative to highlights.json."""
    full_range = _time_range(0.0, file.duration)
    reference = _otio_object("ExternalReference.1", target_url=media_url or file.replay, available_range=full_range)
    clip = _otio_object(
        "Clip.2",
        name=file.session_id,
        source_range=full_range,
        media_references={"DEFAULT_MEDIA": reference},
        active_media_reference_key="DEFAULT_MEDIA",
        markers=[_marker(highlight) for highlight in file.highlights],
    )
    track = _otio_object("Track.1", name="video", kind="Video", children=[clip])
    stack = _otio_object("Stack.1", name="tracks", children=[track])
    timeline = _otio_object("Timeline.1", name=file.session_id, tracks=stack)
    return json.dumps(timeline, ensure_ascii=False, indent=1).encode() + b"\n"


def _marker(highlight: Highlight) -> dict[str, Any]:
    metadata = {
        "id": highlight.id,
        "product_ids": list(highlight.product_ids),
        "confidence": highlight.confidence,
        "product_confidence": highlight.product_confidence,
        "start_confidence": highlight.start_confidence,
    }
    return _otio_object(
        "Marker.2",
        name=highlight.title,
        color="GREEN" if highlight.best_take else "CYAN",
        marked_range=_time_range(highlight.start, highlight.end),
        comment=highlight.summary,
        metadata={"kandian": metadata | {"seek": highlight.seek, "status": highlight.status}},
    )


def _time_range(start: Seconds, end: Seconds) -> dict[str, Any]:
    first, last = round(start * TICKS_PER_SECOND), round(end * TICKS_PER_SECOND)
    begin = _otio_object("RationalTime.1", rate=float(TICKS_PER_SECOND), value=float(first))
    length = _otio_object("RationalTime.1", rate=float(TICKS_PER_SECOND), value=float(last - first))
    return _otio_object("TimeRange.1", start_time=begin, duration=length)


def _otio_object(kind: str, /, **fields: object) -> dict[str, Any]:
    return {"OTIO_SCHEMA": kind, **fields}
