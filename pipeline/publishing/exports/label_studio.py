"""Label Studio: one task, with the highlights as predicted regions of the audio, to be corrected by people.

Source: https://labelstud.io/guide/predictions; the labelling interface needs `<Labels name="label" toName="audio">`.
"""

import json

from domain.highlight import HighlightsFile

FROM_NAME, TO_NAME = "label", "audio"
MODEL_VERSION = "kandian"


def render_label_studio(file: HighlightsFile, media_url: str) -> bytes:
    """The task as JSON. `media_url`: the audio or video; else the replay's address relative to highlights.json."""
    regions = [
        {
            "id": highlight.id,
            "from_name": FROM_NAME,
            "to_name": TO_NAME,
            "type": "labels",
            "score": highlight.confidence,
            "value": {"start": highlight.start, "end": highlight.end, "labels": [highlight.product_ids[0]]},
            "meta": {
                "text": [highlight.title],
                "product_confidence": highlight.product_confidence,
                "start_confidence": highlight.start_confidence,
            },
        }
        for highlight in file.highlights
    ]
    min_confidence = min((highlight.confidence for highlight in file.highlights), default=0.0)
    data = {TO_NAME: media_url or file.replay, "session_id": file.session_id}
    task = {"data": data, "predictions": [{"model_version": MODEL_VERSION, "score": min_confidence, "result": regions}]}
    return json.dumps([task], ensure_ascii=False, indent=1).encode() + b"\n"
