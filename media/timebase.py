"""timebase"""

TICKS_PER_SECOND = 90_000  # a second, in the parts: every usual frame rate and container clock is whole in it
