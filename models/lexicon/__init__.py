"""What the catalogue's products may be called, and which of them are easily mixed up.

`aliases.py` lists all names, those mined from titles (`alias_mining.py`) and brands in the other language among them;
`near_duplicates.py` decides who is nearly the same; `product_traits.py` and `distinguishing_phrases.py` say what tells
them apart. Imported by `linking`, `rescoring`, `vision`, `segmentation` and stages; imports `numbers` and `text`.
"""
