"""Label Studio: one task, with the highlights as predicted regions of its sound, to be corrected by people.

Source: https://labelstud.io/guide/predictions; the labelling interface needs `<Labels name="label" toName="audio">`.
"""

import json

from domain.highlight import HighlightsFile

FROM, TO = "label", "audio"
VERSION = "kandian"


def label_studio(file: HighlightsFile, media: str) -> bytes:
    """`media` is the address of the sound or the video; without one, the replay's own, relative to highlights.json."""
    regions = [
        {
            "id": highlight.id,
            "from_name": FROM,
            "to_name": TO,
            "type": "labels",
            "score": highlight.confidence,
            "value": {"start": highlight.start, "end": highlight.end, "labels": [highlight.product_ids[0]]},
            "meta": {"text": [highlight.title]},
        }
        for highlight in file.highlights
    ]
    surest = min((highlight.confidence for highlight in file.highlights), default=0.0)
    data = {TO: media or file.replay, "session_id": file.session_id}
    task = {"data": data, "predictions": [{"model_version": VERSION, "score": surest, "result": regions}]}
    return json.dumps([task], ensure_ascii=False, indent=1).encode() + b"\n"
