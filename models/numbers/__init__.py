"""Numbers as people say them: prices, quantities, colours.

`spoken_numbers.py` finds every number in a text, by `chinese_numerals.py` and `english_numerals.py`;
`number_roles.py` says whether it is money, a count or a discount, `price_quotes.py` which prices it may stand for,
`list_prices.py` whether that is asked here or elsewhere, `measures.py` which quantity it is. Imported by `lexicon`,
`linking` and `description`; imports `text` only.
"""
