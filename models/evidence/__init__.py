"""Evidence unit by unit: what speaks for each product, and where explanations begin and end.

Begin at unit_features.py. utterance_units.py makes the grid; description_similarity.py, sibling_contrast.py,
cohesion.py and topic_turns.py are features of their own. Nothing here is learned.
"""
