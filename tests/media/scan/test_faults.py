"""Which faults of a file are reported, from summaries made by hand."""

from domain.clock import Span
from domain.recording import FileFault
from media.scan.faults import ScannedDamage, find_faults
from media.scan.track_stats import TrackSummary

WHOLE = ScannedDamage(is_truncated=False, corrupt_times=())
RUNS = (Span(0, 20),)


def track(*runs: tuple[float, float], dropouts: tuple[tuple[float, float], ...] = ()) -> TrackSummary:
    return TrackSummary(runs, (0.0,), (), (), dropouts, 100, has_leading_frames=False)


def kinds_and_times(faults: tuple[FileFault, ...]) -> list[tuple[str, float, float, int]]:
    return [(fault.kind, fault.start, fault.duration, fault.count) for fault in faults]


def test_a_healthy_file_has_none() -> None:
    assert find_faults(WHOLE, track((0, 20)), track((0, 20)), RUNS) == ()


def test_missing_stretches_of_a_track_are_one_fault() -> None:
    faults = find_faults(WHOLE, track((0, 4), (6, 20), dropouts=((10, 11),)), None, RUNS)
    assert kinds_and_times(faults) == [("held", 4, 3, 2)]


def test_a_hole_too_short_to_be_noticed_is_none() -> None:
    assert find_faults(WHOLE, track((0, 4), (4.2, 20)), None, RUNS) == ()


def test_what_the_replay_leaves_out_is_no_fault() -> None:
    runs = (Span(0, 4), Span(6, 20))
    assert find_faults(WHOLE, track((0, 4), (6, 20)), track((0, 4), (6, 20)), runs) == ()


def test_audio_that_begins_later_and_ends_sooner_is_silent_there() -> None:
    faults = find_faults(WHOLE, track((0, 20)), track((3, 18)), RUNS)
    assert kinds_and_times(faults) == [("silent", 0, 3, 1), ("silent", 18, 2, 1)]


def test_a_corrupt_packet_at_the_end_means_that_the_file_breaks_off() -> None:
    faults = find_faults(ScannedDamage(is_truncated=False, corrupt_times=(19.9,)), track((0, 20)), None, RUNS)
    assert kinds_and_times(faults) == [("cut_off", 20, 0, 1)]


def test_corrupt_packets_inside_are_counted() -> None:
    faults = find_faults(ScannedDamage(is_truncated=False, corrupt_times=(9.0, 5.0)), track((0, 20)), None, RUNS)
    assert kinds_and_times(faults) == [("damaged", 5, 4, 2)]
