"""The stages that read recordings and make the replay, in the order in which they run.

Begin at probe.py: it reads every packet once. remux.py rewrites broken files, build_timeline.py lays all files on one
clock. decode_audio.py and encode_audio.py make the replay's audio, choose_renditions.py and encode_video.py its video.
How media are read and written is media/; these stages say what is done with which settings. Only pipeline/flow.py
imports them, and bench and tests.
"""
