"""Vision: from the video to sampled frames, seek thumbnails and sightings of products.

`sample_frames` decodes the video once for all the others. `read_overlays` and `detect_foreground` read the frames
without the catalogue; `link_sightings` matches what they find with it. The models are in models/vision.
`pipeline/flow.py` imports these modules; begin with `sample_frames.py`.
"""
