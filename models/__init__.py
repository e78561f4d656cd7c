"""What judges: recogniser, matcher, scorer, decoder. Values in, values out; no store, no stage, no session files."""
