"""What judges: values in, values out. Nothing here knows a stage, a store, a session's files or `media`.

`speech` transcribes; `lexicon` and `linking` find products in the transcript, with `rescoring` where it is uncertain;
`vision` finds them in frames; `segmentation` scores products over time and cuts takes; `description` words them.
`text` and `numbers` serve all of these. Stages, learning and the command line import from here; only `domain` is
imported. `weight_digests.py` identifies learned files, whatever folder loads them.
"""
