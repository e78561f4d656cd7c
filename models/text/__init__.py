"""Text as such: one normal form, phonetic tokens, typography, punctuation, and tables of phrases.

Begin with `phonetic_tokens.py`, by which all names are compared, and `typography.py`, by which text is shown.
`phrase_tables.py` reads the TOML tables of all modules. Imported by every other folder of `models`; imports none.
"""
