"""Entity linking: from words in a transcript to product ids.

`entity_linker.py` is the door. It looks for names (`name_index.py`, `metaphone_index.py`), words of titles, attributes,
link numbers and prices (`link_and_price.py`; run together: `joined_numbers.py`), and weighs them by the show itself:
`false_alarm_rate.py`, `term_weights.py`, `link_number_trust.py`, `repeated_prices.py`. Imported by stages, `rescoring`
and learning; imports `lexicon`, `numbers` and `text`.
"""
