"""Renditions: which are chosen for a show, and how a part of the show is encoded or passed through.

rendition_search.py chooses by probe encodes (probe_encodes.py, vmaf.py) of samples.py: crf_search.py finds the CRF,
crf_ranges.py knows the encoders, probe_budget.py limits the work. encoders.py and filters.py make graphs of ffmpeg;
passthrough_check.py and passthrough.py are for the recorded H.264 itself; bitrate_cap.py keeps every part no larger
than the recording. Used by the stages ChooseRenditions and EncodeVideo, where one begins to read.
"""
