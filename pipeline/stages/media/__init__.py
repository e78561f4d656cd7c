"""Stages from the recording to the replay: what is in it, what it shows when, and how it is encoded for players.

In the order of the flow: probe, remux (what is broken), build_timeline, choose_renditions, decode_audio, encode_audio,
encode_video. Only pipeline/flow.py imports them. The work itself is in media/; a stage has the settings and the order.
"""
