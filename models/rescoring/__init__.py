"""Rescoring: which few seconds of a show to compare again with a product's name in mind, and what that decides.

`rescoring_candidates.py` is where to begin: it ranks names that sound like the text (`name_similarity.py`,
`name_candidates.py`, `merit.py`) and puts them into windows (`windows.py`). `rescoring.py` compares the hypotheses of a
window by the recogniser's likelihoods. Used by the stages FindRescoringWindows and Rescore; imports `models.linking`,
never the other way.
"""
