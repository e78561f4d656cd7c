"""Takes in words for people: titles, summaries, moments, reasons, warnings.

`titles.py`, `summary.py`, `moments.py` and `reasons.py` are one function each for the description stage;
`sentence_roles.py` says what a sentence does, `llm_rewording.py` builds the request to a language model and checks
its answer. Templates and phrases are in the TOML files beside their modules. Imports `segmentation`, `numbers`
and `text`.
"""
