"""The scan: one reading of every packet of a recorded file, and what follows from it.

Begin at scanner.py: it assigns packets to timestamp chains (timestamp_chains.py) and collects what each track says
(track_stats.py, random_access.py). file_info.py sums that up for a whole file, with its faults (faults.py).
clock_resets.py and file_alignment.py decide about clocks, within a file and between files. section_writer.py writes
what is clean in a broken file. The stages probe, remux and build_timeline import from here; nobody else needs to.
"""
