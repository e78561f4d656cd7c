"""The event log against the show: what its clock is off by, how people push and click, and what that says in nats.

`timed_events.py` holds the events and what speech says of the show, `time_grid.py` the grid they are compared on.
`push_timing.py`, `click_timing.py` and `log_edges.py` are likelihoods of clock and lags, `push_evidence.py` and
`click_evidence.py` log-likelihood ratios. Imported by `segmentation` and `description`; imports the domain only.
"""
