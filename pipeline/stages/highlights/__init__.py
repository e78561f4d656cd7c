"""Highlights: from transcript, mentions, sightings and event log to takes, words for people, and highlights.json.

In order: `split_utterances` makes the grid, `classify_discourse`, `build_features`, `align_events` and `score_products`
the evidence on it, `segment_takes` the takes, `pick_thumbnails` and `describe_takes` what people see of them,
`assemble_highlights` the machine's highlights, `merge_review` those after people's edits, `write_index` the files. The
models are in models/segmentation and models/description. `pipeline/flow.py` imports these modules; begin with
`segment_takes.py`.
"""
