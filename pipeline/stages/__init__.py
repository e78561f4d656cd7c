"""The stages, one verb a file. flow.py puts them in order."""
