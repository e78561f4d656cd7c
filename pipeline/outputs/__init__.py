"""The results folder, OUT/SESSION_ID/: its file names, and the writing of what people and players read.

Begin at layout.py (names) and results_folder.py (delivery). report.py, highlights_file.py, sidecars.py and webvtt.py
each own one format; json_schema.py writes their schemas. Everything but models/ and media/ may import this
package; it imports the engine and never a stage.
"""
