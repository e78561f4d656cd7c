"""Speech: from audio, or given captions, to the mentions of products.

`extract_speech_audio` and `transcribe`, or `import_captions`, make the transcript. `link_mentions` finds products in
it; `find_rescoring_windows` and `rescore`, or `accept_mentions` with captions, make the final mentions. The models are
in models/speech and models/linking. `pipeline/flow.py` imports these modules; begin with `transcribe.py`.
"""
