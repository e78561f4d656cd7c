"""What is learned from the packets of a track, and how chains are summed up. Packets are made by hand."""

from collections.abc import Sequence

from media.scan.track_stats import MAX_HEAD_FINGERPRINTS, PacketSpacing, TrackStats, summarize_track

STEP_S = 0.1


def spacing_of(times: Sequence[float]) -> PacketSpacing:
    spacing = PacketSpacing(max_gap_s=2.0)
    for time in times:
        spacing.add(time)
    return spacing


def stats_of(times: Sequence[float], key_frames: Sequence[float] = ()) -> TrackStats:
    """A track of packets that last 0.1 s, each decoded when it is presented."""
    stats = TrackStats(PacketSpacing(max_gap_s=2.0))
    for time in times:
        stats.spacing.add(time)
        stats.add_packet(time, STEP_S, is_key_frame=time in key_frames)
        if time in key_frames:
            stats.add_key_frame(f"{time}".encode(), time)
    return stats


def steps(start: float, count: int, step: float = STEP_S) -> list[float]:
    return [round(start + step * number, 6) for number in range(count)]


def test_a_step_longer_than_usual_is_a_dropout_from_where_a_packet_was_expected() -> None:
    (dropout,) = spacing_of([*steps(0.0, 5), *steps(1.0, 5)]).dropouts
    assert [round(time, 6) for time in dropout] == [0.5, 1.0]


def test_one_frame_a_second_misses_none() -> None:
    spacing = spacing_of(steps(0.0, 10, 1.0))
    assert (spacing.dropouts, spacing.next_dts) == ([], 10.0)


def test_a_step_longer_than_a_gap_is_no_dropout() -> None:
    assert spacing_of([*steps(0.0, 5), *steps(9.0, 5)]).dropouts == []


def test_packets_within_the_longest_gap_are_one_run() -> None:
    assert stats_of([0.0, 1.5, 3.0, 6.0]).runs == [(0.0, 3.1), (6.0, 6.1)]


def test_a_packet_that_does_not_say_how_long_it_lasts_takes_the_usual_step() -> None:
    stats = stats_of(steps(0.0, 5))
    stats.spacing.add(0.5)
    stats.add_packet(0.5, 0.0, is_key_frame=False)
    ((_, end),) = stats.runs
    assert round(end, 6) == 0.6


def test_a_frame_shown_before_its_key_frame_leads_it() -> None:
    assert stats_of([1.0, 0.9], key_frames=[1.0]).has_leading_frames
    assert not stats_of([1.0, 1.1], key_frames=[1.0]).has_leading_frames


def test_chains_are_summed_up_in_order() -> None:
    summary = summarize_track([stats_of([0.0, 0.1], [0.0]), stats_of([5.0, 5.1], [5.0])])
    assert summary.runs == ((0.0, 0.2), (5.0, 5.1 + STEP_S))
    assert (summary.key_frames, summary.packet_count) == ((0.0, 5.0), 4)
    assert [each.time for each in summary.head_fingerprints] == [0.0, 5.0]


def test_only_the_first_and_the_last_key_frames_are_fingerprints() -> None:
    times = steps(0.0, 200)
    summary = summarize_track([stats_of(times[:150], times), stats_of(times[150:], times)])
    assert [each.time for each in summary.head_fingerprints] == times[:MAX_HEAD_FINGERPRINTS]
    assert [each.time for each in summary.tail_fingerprints] == times[-128:]


def test_summing_up_changes_nothing_and_gives_the_same_again() -> None:
    chains = [stats_of(steps(0.0, 5), [0.0]), stats_of([*steps(9.0, 5), *steps(10.0, 5)], [9.0])]
    once = summarize_track(chains).with_undecodable_start()
    assert summarize_track(chains).with_undecodable_start() == once


def test_frames_before_the_first_key_frame_are_a_dropout() -> None:
    stats = stats_of(steps(0.0, 20), key_frames=[1.0])
    assert summarize_track([stats]).with_undecodable_start().dropouts == ((0.0, 1.0),)


def test_frames_that_a_container_timed_before_a_gap_are_a_dropout_between_chains() -> None:
    """Matroska has no decoding times: ffmpeg's for the first frames after a gap lie before it."""
    before, after = stats_of(steps(0.0, 5)), stats_of([])
    before.runs = [(0.0, 5.0)]
    after.spacing.add(4.0)
    (dropout,) = summarize_track([before, after]).dropouts
    assert [round(time, 6) for time in dropout] == [0.5, 4.0]
