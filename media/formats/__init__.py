"""Media formats as bytes: what demuxers and decoders hide, or what players need to the byte. Nothing is decoded here.

Begin at containers.py: for each container that is read, where a file changes its coding (flv.py, mpegts.py), where it
is damaged or cut off (mp4_damage.py, matroska.py, mpegts.py) and what a reader needs before the middle of a file.
codec_changes.py is the one detector of changes, codec_config.py checks codec configurations, mp4.py walks and writes
boxes, fmp4.py reads fragments, h264.py NAL units and parameter sets. byte_window.py and patched_bytes.py read large
files in little memory. Only media/ imports from here.
"""
