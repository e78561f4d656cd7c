"""The time base of encoded parts."""

TICKS_PER_SECOND = 90_000  # every usual frame rate and container time base is a whole number of ticks
