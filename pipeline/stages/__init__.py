"""Stages: frozen dataclasses that make one artefact of others, in folders by what they read.

`media` turns recordings into a replay, `speech` makes transcripts and mentions, `vision` frames and sightings, and
`highlights` takes, words and files. `pipeline/flow.py` lists them for the runner; learning, bench and `kandian doctor`
import single ones; stages don't import each other. pipeline/engine/stage.py says what a stage may do. Begin with
`speech/link_mentions.py`, a small one.
"""
