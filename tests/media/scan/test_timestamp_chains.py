"""How packets are told apart by their times."""

from domain.recording import TimestampRules
from media.scan.timestamp_chains import ChainExtent, TimestampChains, chain_sections

PICTURE, SOUND = 0, 1
RULES = TimestampRules(max_gap_s=2.0, max_jump_back_s=0.3, max_outage_s=3600.0)


def placed(*packets: tuple[int, float]) -> list[int]:
    strands = TimestampChains(RULES)
    return [strands.assign(track, time) for track, time in packets]


def test_a_track_that_jumps_back_first_is_followed_by_the_other() -> None:
    packets = [(PICTURE, 10.0), (SOUND, 10.0), (PICTURE, 5.0), (SOUND, 10.02), (SOUND, 5.0), (PICTURE, 5.04)]
    assert placed(*packets) == [0, 0, 1, 0, 1, 1]


def test_a_packet_with_an_impossible_time_does_not_part_the_file() -> None:
    assert placed((PICTURE, 1.0), (PICTURE, 1.04), (PICTURE, 9000.0), (PICTURE, 1.08)) == [0, 0, 1, 0]


def test_sound_that_was_away_comes_back_to_the_picture() -> None:
    away = [(PICTURE, float(time)) for time in range(1, 30)]
    assert set(placed((PICTURE, 0.0), (SOUND, 0.0), *away, (SOUND, 29.1))) == {0}


def test_times_may_jitter() -> None:
    assert placed((SOUND, 1.0), (SOUND, 0.8), (SOUND, 1.1)) == [0, 0, 0]


def extent(number: int, start: float, end: float, first: int) -> ChainExtent:
    return ChainExtent(number, start, end, first, first + 999, 1000)


def test_a_strand_that_begins_after_a_break_goes_on_with_the_one_before() -> None:
    (chain,), strayed = chain_sections([extent(0, 0, 10, 0), extent(1, 40, 60, 1000)], RULES)
    assert ([each.number for each in chain], strayed) == ([0, 1], [])


def test_a_strand_that_goes_back_is_a_section_of_its_own() -> None:
    found, _ = chain_sections([extent(0, 0, 10, 0), extent(1, 5, 20, 1000)], RULES)
    assert len(found) == 2


def test_a_jump_ahead_of_days_is_a_clock_set_anew() -> None:
    found, _ = chain_sections([extent(0, 0, 10, 0), extent(1, 4_294_967, 4_295_000, 1000)], RULES)
    assert len(found) == 2


def test_a_few_packets_far_off_have_strayed() -> None:
    few = ChainExtent(1, 500.0, 500.04, 30, 30, 1)
    found, strayed = chain_sections([extent(0, 0, 10, 0), few], RULES)
    assert (len(found), strayed) == (1, [few])
