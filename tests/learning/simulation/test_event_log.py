"""The simulated event log and sightings follow their profiles."""

from dataclasses import replace

import numpy as np
import pytest

from domain.clock import Span
from domain.errors import InvalidValue
from domain.evidence import EventLog
from domain.vision import Sightings
from fixtures.tiny_scripts import chinese_script
from learning.simulation.event_log import EventLogGenerator
from learning.simulation.event_log_profile import EventLogProfile
from learning.simulation.profiles import default_profiles
from learning.simulation.pushes import SimulatedPush, simulate_pushes
from learning.simulation.scripts.speech_timing import assign_speech_times, derive_ground_truth
from learning.simulation.sightings import SightingProfile, simulate_sightings

TIDY = EventLogProfile(name="tidy", push_lag_std=0.0, missing_push_share=0.0, wrong_push_share=0.0)
SHOW = chinese_script()
SPOKEN = assign_speech_times(SHOW, np.random.default_rng(3))
TRUTH = derive_ground_truth("s", SPOKEN, SPOKEN[-1].span.end + 3, SHOW.catalog.by_id)
IDS = tuple(SHOW.catalog.by_id)


def pushes(profile: EventLogProfile, seed: int = 0) -> tuple[SimulatedPush, ...]:
    return simulate_pushes(SPOKEN, TRUTH, SHOW.catalog, profile, np.random.default_rng(seed))


def log(profile: EventLogProfile, seed: int = 0) -> EventLog:
    return EventLogGenerator(SPOKEN, TRUTH, pushes(profile, seed), profile, IDS).generate(np.random.default_rng(seed))


def test_a_tidy_room_pushes_where_the_script_says() -> None:
    marked = [each for each in SPOKEN if each.utterance.push]

    scripted = [push for push in pushes(TIDY) if any(each.span.contains(push.time) for each in marked)]
    assert [push.product_id for push in scripted][:2] == ["a", "b"]


def test_an_explanation_that_the_script_does_not_push_is_pushed_after_its_start() -> None:
    start = next(each.start for each in TRUTH.highlights if each.product_ids == ("c",))

    own = [push.time for seed in range(5) for push in pushes(TIDY, seed) if push.product_id == "c"]
    assert own
    assert all(start + 5 <= time <= start + 40 for time in own)


def test_a_late_room_pushes_later() -> None:
    late = replace(TIDY, push_lag=(20.0, 20.0))

    assert pushes(late)[0].time == pytest.approx(pushes(TIDY)[0].time + 20.0)


def test_late_pushes_come_up_to_a_minute_after_the_others() -> None:
    longer = replace(TRUTH, duration=TRUTH.duration + 100)
    on_time, late = (
        simulate_pushes(SPOKEN, longer, SHOW.catalog, replace(TIDY, late_push_share=share), np.random.default_rng(0))
        for share in (0.0, 1.0)
    )

    first_of_each = {push.product_id: push.time for push in reversed(on_time)}
    assert len(late) == len(on_time)
    assert all(push.time - first_of_each[push.product_id] >= 15 for push in late)


def test_an_explanation_is_pushed_while_it_lasts_unless_the_push_is_late() -> None:
    explained = next(each for each in TRUTH.highlights if each.product_ids == ("c",))

    own = [push.time for seed in range(20) for push in pushes(TIDY, seed) if push.product_id == "c"]
    assert all(time < explained.end for time in own)


@pytest.mark.parametrize("logged", ["product_push", "product_click", "order"])
def test_a_log_has_the_types_that_its_room_logs(logged: str) -> None:
    room = replace(TIDY, clicks_per_min=(300.0, 300.0), logged_types=(logged,))

    assert {event.type for event in log(room).events} == {logged}


def test_a_room_without_discipline_pushes_what_is_not_explained() -> None:
    wild = replace(TIDY, wrong_push_share=1.0)

    assert pushes(wild)[0].product_id != "a"


def test_a_room_without_a_log_has_no_event() -> None:
    assert log(EventLogProfile(name="none", has_log=False)) == EventLog()


def test_a_clock_that_is_off_moves_every_event_by_the_same() -> None:
    right, moved = log(TIDY), log(replace(TIDY, max_clock_offset=90.0))

    shifts = [
        (late.recording_time or 0.0) - (on_time.recording_time or 0.0)
        for on_time, late in zip(right.events, moved.events, strict=True)
    ]
    assert shifts == pytest.approx([shifts[0]] * len(shifts), abs=0.011)
    assert 1 < abs(shifts[0]) <= 90


def test_viewers_who_are_interested_click_on_what_was_explained_just_before() -> None:
    room = replace(TIDY, clicks_per_min=(600.0, 600.0), on_topic_click_share=(1.0, 1.0))
    clicks = [event for event in log(room).events if event.type == "product_click"]

    assert len(clicks) > 200
    assert {event.product_id for event in clicks} == {"a", "b", "c"}
    for event in clicks:
        assert any(
            event.product_id in h.product_ids and h.start <= (event.recording_time or 0.0) for h in TRUTH.highlights
        )


def test_others_click_on_anything() -> None:
    room = replace(TIDY, clicks_per_min=(600.0, 600.0), on_topic_click_share=(0.0, 0.0))

    assert {event.product_id for event in log(room).events if event.type == "product_click"} == set(IDS)


def test_events_are_in_order_of_time() -> None:
    times = [event.recording_time or 0.0 for event in log(replace(TIDY, clicks_per_min=(60.0, 60.0))).events]

    assert times == sorted(times)


def test_a_room_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidValue):
        replace(TIDY, wrong_push_share=1.5)
    with pytest.raises(InvalidValue, match="no type of event"):
        replace(TIDY, logged_types=("pushes",))
    with pytest.raises(InvalidValue):
        replace(TIDY, push_lag=(5.0, -5.0))


def seen(profile: SightingProfile) -> Sightings:
    return simulate_sightings(TRUTH, pushes(TIDY), SHOW.catalog, profile, np.random.default_rng(0))


def test_cards_stand_from_their_push_to_the_next_at_most() -> None:
    times = [push.time for push in pushes(TIDY)]

    cards = seen(SightingProfile(name="cards", card_read_share=1.0)).sightings
    assert [card.span.start for card in cards] == times
    assert all(card.span.end <= after for card, after in zip(cards, times[1:], strict=False))


def test_what_is_held_up_is_what_is_explained_unless_it_is_mistaken() -> None:
    looks = seen(SightingProfile(name="held-up", held_up_per_min=30.0)).sightings

    assert looks
    for look in looks:
        assert any(h.span.contains(look.span.start) and look.product_ids[0] in h.product_ids for h in TRUTH.highlights)


def test_the_profile_that_sees_nothing_has_no_sightings() -> None:
    assert seen(default_profiles().sighting[0]) == Sightings(())


def test_nothing_is_seen_after_the_show() -> None:
    show = Span(0.0, TRUTH.duration)

    assert all(each.span.clipped_to(show) == each.span for each in seen(default_profiles().sighting[-1]).sightings)
