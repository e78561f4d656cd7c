"""ASR: from audio to timed sentences.

`transcriber.py` is the door: it runs a `Recognizer` (`recognizer.py`: Whisper, or a plugin) over chunks of speech and
decodes again what `hallucination_filter.py` rejects; `sentence_segmentation.py` cuts the words into sentences. Weights
are found by `whisper_files.py`. Imported by the speech stages, `rescoring` (the protocol) and the simulation of ASR
errors; imports `text`.
"""
