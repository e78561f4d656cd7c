"""What kandian talks about: sessions, recordings, time, products, speech, evidence, highlights, reviews, errors.

Values only: frozen dataclasses that check themselves in `__post_init__`, and pure functions of them. Artefacts of the
flow are classes of this package. Every package may import it; it imports nothing but the standard library and numpy.
Begin with clock.py (replay time, and the map from the recording to it), then session.py and highlight.py.
"""
