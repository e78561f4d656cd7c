"""How packets are assigned to chains by their times, and chains to sections."""

from domain.recording import TimestampRules
from media.scan.timestamp_chains import ChainExtent, TimestampChains, chain_sections

VIDEO, AUDIO = 0, 1
RULES = TimestampRules(max_gap_s=2.0, max_jump_back_s=0.3, max_outage_s=3600.0)


def assigned(*packets: tuple[int, float]) -> list[int]:
    chains = TimestampChains(RULES)
    return [chains.assign(track, time) for track, time in packets]


def test_a_track_that_jumps_back_first_is_followed_by_the_other() -> None:
    packets = [(VIDEO, 10.0), (AUDIO, 10.0), (VIDEO, 5.0), (AUDIO, 10.02), (AUDIO, 5.0), (VIDEO, 5.04)]
    assert assigned(*packets) == [0, 0, 1, 0, 1, 1]


def test_a_packet_with_an_impossible_time_does_not_split_the_file() -> None:
    assert assigned((VIDEO, 1.0), (VIDEO, 1.04), (VIDEO, 9000.0), (VIDEO, 1.08)) == [0, 0, 1, 0]


def test_audio_that_was_absent_returns_to_the_video() -> None:
    away = [(VIDEO, float(time)) for time in range(1, 30)]
    assert set(assigned((VIDEO, 0.0), (AUDIO, 0.0), *away, (AUDIO, 29.1))) == {0}


def test_times_may_jitter() -> None:
    assert assigned((AUDIO, 1.0), (AUDIO, 0.8), (AUDIO, 1.1)) == [0, 0, 0]


def extent(number: int, start: float, end: float, first: int) -> ChainExtent:
    return ChainExtent(number, start, end, first, first + 999, 1000)


def test_a_chain_that_begins_after_an_outage_continues_the_one_before() -> None:
    (chain,), outliers = chain_sections([extent(0, 0, 10, 0), extent(1, 40, 60, 1000)], RULES)
    assert ([each.number for each in chain], outliers) == ([0, 1], [])


def test_a_chain_that_goes_back_is_a_section_of_its_own() -> None:
    sections, _ = chain_sections([extent(0, 0, 10, 0), extent(1, 5, 20, 1000)], RULES)
    assert len(sections) == 2


def test_a_jump_ahead_of_days_is_a_clock_reset() -> None:
    sections, _ = chain_sections([extent(0, 0, 10, 0), extent(1, 4_294_967, 4_295_000, 1000)], RULES)
    assert len(sections) == 2


def test_a_few_packets_far_off_are_outliers() -> None:
    few = ChainExtent(1, 500.0, 500.04, 30, 30, 1)
    sections, outliers = chain_sections([extent(0, 0, 10, 0), few], RULES)
    assert (len(sections), outliers) == (1, [few])
