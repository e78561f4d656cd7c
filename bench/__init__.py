"""Benchmarks: what kandian costs beside bare ffmpeg, bare faster-whisper and a bare FastAPI.

Begin at __main__.py. Each module measures one thing in processes of its own and gives rows or a Markdown table;
scorecard.py writes them into docs/scorecard.md. Nothing but its tests imports this package.
"""
