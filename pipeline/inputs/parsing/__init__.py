"""Text, JSON and single values from strangers: strict, of bounded size, with the location in every error.

Files: text_file.py, strict_json.py (no key twice, numbers as written) and json_file.py (into a class, by pydantic).
Values: values.py, money.py and plain_text.py. Warnings: tally.py and suggestions.py ("did you mean"). Begin with
values.py.
"""
