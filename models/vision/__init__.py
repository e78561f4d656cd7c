"""What frames show: text laid over the video, and products held up.

Two chains: `overlay_detector.py`, `overlay_texts.py` with `ocr.py`, then `overlay_linker.py`; and
`foreground_objects.py`, then `photo_matcher.py`. `frame_quality.py` chooses thumbnails. Images are checked where they
enter (`images.py`). Imported by the vision stages and the description stage; imports `lexicon` and `text`.
"""
