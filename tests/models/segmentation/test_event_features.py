"""Features of the event log, once its timing is estimated."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from domain.clock import Seconds
from domain.evidence import EventFeatures, FloatArray
from fixtures.call_count import count_calls
from models.event_log.click_timing import CLICK_PRIOR, MIN_EVENTS
from models.event_log.push_evidence import MAX_PUSH_NATS, MAX_REPEAT_AFTER_S, MAX_REPEAT_NATS
from models.event_log.push_timing import PUSH_PRIOR, TYPICAL_PUSH_LAG_S
from models.event_log.timed_events import ExplanationPosteriors, TimedEvent
from models.segmentation.event_alignment import LoggedEvents
from models.segmentation.event_features import (
    EVENT_CLOSING_FEATURES,
    EVENT_IDENTITY_FEATURES,
    EVENT_OPENING_FEATURES,
    MAX_CLICK_NATS,
    build_event_features,
)

UNIT = 5.0  # seconds
PRODUCTS = 8
LASTING = 100.0  # seconds of every explanation
PAUSE = 50.0  # seconds between two
ORDER = (3, 0, 5, 1, 7, 2, 6, 4, 0, 5, 2, 7)
"""The product of each explanation."""
UNITS = int(len(ORDER) * (LASTING + PAUSE) / UNIT)


def start_of(explanation: int) -> Seconds:
    return PAUSE + explanation * (LASTING + PAUSE)


def posteriors_of(certainty: float = 0.9, lasting: Seconds = LASTING) -> ExplanationPosteriors:
    """A show whose explanations are known with `certainty`."""
    starts = UNIT * np.arange(UNITS, dtype=np.float64)
    chances = np.full((UNITS, PRODUCTS), (1 - certainty) / PRODUCTS / 4)
    for place, product in enumerate(ORDER):
        begin = start_of(place)
        chances[(starts >= begin) & (starts < begin + lasting), product] = certainty
    return ExplanationPosteriors(starts, starts + UNIT, chances)


def pushes(late: Seconds = 0.0, after: Seconds = TYPICAL_PUSH_LAG_S) -> list[TimedEvent]:
    """A push of every explanation, `after` its start; the clock is `late`."""
    return [TimedEvent("product_push", start_of(i) + after + late, product) for i, product in enumerate(ORDER)]


def clicks(late: Seconds = 0.0, lag: Seconds = CLICK_PRIOR.typical_lag, every: Seconds = 8.0) -> list[TimedEvent]:
    """Clicks throughout every explanation, `lag` after what they are about; every fourth on something else."""
    features = []
    for place, product in enumerate(ORDER):
        for number in range(int(LASTING / every)):
            clicked = (product + number) % PRODUCTS if number % 4 == 1 else product
            features.append(TimedEvent("product_click", start_of(place) + every * number + lag + late, clicked))
    return features


def ends() -> list[TimedEvent]:
    """The end of every explanation, as the room logs it."""
    return [TimedEvent("explain_end", start_of(place) + LASTING, product) for place, product in enumerate(ORDER)]


def features_of(
    events: Iterable[TimedEvent],
    posteriors: ExplanationPosteriors | None = None,
    comment_times: FloatArray | None = None,
) -> EventFeatures:
    ordered = sorted(events, key=lambda event: event.time)
    times = np.array([event.time for event in ordered])
    log = LoggedEvents(ordered, times if comment_times is None else np.concatenate([times, comment_times]))
    return build_event_features(log, posteriors or posteriors_of())


def identity(room: EventFeatures, feature: str) -> FloatArray:
    """(units, products) of one feature."""
    return room.identity[:, :, EVENT_IDENTITY_FEATURES.index(feature)]


def opening(room: EventFeatures, feature: str = "push") -> FloatArray:
    """(units, products) of one feature."""
    return room.product_opening[:, :, EVENT_OPENING_FEATURES.index(feature)]


def unit_at(time: Seconds) -> int:
    return int(time / UNIT)


def test_no_log_adds_nothing() -> None:
    room = features_of([])
    assert room.is_empty
    assert room.identity.shape == (UNITS, PRODUCTS, len(EVENT_IDENTITY_FEATURES))
    assert room.product_opening.shape == (UNITS, PRODUCTS, len(EVENT_OPENING_FEATURES))
    assert room.product_closing.shape == (UNITS, PRODUCTS, len(EVENT_CLOSING_FEATURES))
    assert not room.identity.any()
    assert not room.product_opening.any()
    assert (room.clock_offset, room.warnings) == (0.0, ())


@pytest.mark.parametrize("kind", ["comment", "coupon", "gift_rain"])
def test_other_events_are_no_log(kind: str) -> None:
    assert features_of([TimedEvent(kind, 100.0, 1)]).is_empty


# --- the clock


@pytest.mark.parametrize("late", [-60.0, -45.0, 45.0, 60.0])
@pytest.mark.parametrize("has_pushes", [False, True])
def test_a_clock_that_is_off_is_found_by_clicks_and_told(late: Seconds, has_pushes: bool) -> None:
    room = features_of([*clicks(late), *(pushes(late) if has_pushes else [])])
    assert_found(room, late)


@pytest.mark.parametrize("late", [-90.0, -60.0, 90.0])
@pytest.mark.parametrize("certainty", [0.6, 0.9])
def test_a_clock_that_is_off_is_found_by_pushes_alone(late: Seconds, certainty: float) -> None:
    assert_found(features_of(pushes(late), posteriors_of(certainty)), late)


@pytest.mark.parametrize("late", [-90.0, -60.0, -30.0, 30.0, 45.0, 60.0, 90.0])
@pytest.mark.parametrize("certainty", [0.6, 0.9])
def test_pushes_say_the_same_whether_clock_or_people_are_late(late: Seconds, certainty: float) -> None:
    """Pushes alone hardly tell a clock that is off from people who are slow; for what they say it does not matter."""
    right, moved = (features_of(pushes(each), posteriors_of(certainty)) for each in (0.0, late))
    assert moved.clock_offset + moved.push_lag == pytest.approx(late + right.push_lag, abs=6.0)
    assert np.corrcoef(opening(right).ravel(), opening(moved).ravel())[0, 1] > 0.8


@pytest.mark.parametrize("late", [-90.0, -45.0, 45.0, 90.0])
def test_wrong_and_missing_pushes_do_not_hide_how_late_pushes_are(late: Seconds) -> None:
    """Half the pushes are missing, a third of the rest is wrong."""
    kept = [replace(e, product=(e.product + 3) % PRODUCTS) if i % 6 == 0 else e for i, e in enumerate(pushes(late))]
    room = features_of(kept[::2])
    assert room.clock_offset + room.push_lag == pytest.approx(late + TYPICAL_PUSH_LAG_S, abs=10.0)


@pytest.mark.parametrize("late", [-60.0, 60.0])
def test_a_product_that_is_pushed_again_and_again_weighs_no_more(late: Seconds) -> None:
    """A dozen pushes of two products within minutes: none of them tells of the clock."""
    repeated = [replace(push, time=push.time + 10.0 * i) for push in pushes(late)[3:5] for i in range(6)]
    assert features_of(repeated).clock_offset == 0.0


COMMENT_TIMES: FloatArray = np.arange(0.0, UNITS * UNIT, 4.0)


@pytest.mark.parametrize("late", [-35.0, 35.0, 60.0])
def test_viewers_who_comment_throughout_tell_a_clock_that_is_off_from_late_pushes(late: Seconds) -> None:
    """A clock 35 s off was once taken for a push lag of 48.5 s."""
    room = features_of(pushes(late), comment_times=COMMENT_TIMES + late)
    assert_found(room, late)
    assert room.push_lag == pytest.approx(TYPICAL_PUSH_LAG_S, abs=8.0)


@pytest.mark.parametrize("after", [-10.0, 59.0])
def test_comments_on_a_right_clock_leave_late_pushes_late(after: Seconds) -> None:
    room = features_of(pushes(after=after), comment_times=COMMENT_TIMES)
    assert room.clock_offset == 0.0
    assert room.push_lag == pytest.approx(after, abs=6.0)


def test_comments_alone_do_not_move_the_clock() -> None:
    assert features_of(pushes()[:2], comment_times=COMMENT_TIMES + 60.0).clock_offset == 0.0


def test_orders_alone_find_a_clock_that_is_off() -> None:
    assert_found(features_of([replace(each, kind="order", time=each.time + 10) for each in clicks(-60.0)]), -60.0)


@pytest.mark.parametrize("late", [-35.0, 35.0])
@pytest.mark.parametrize("kind", ["product_click", "order"])
def test_viewers_who_click_tell_a_clock_that_is_off_from_late_pushes(late: Seconds, kind: str) -> None:
    usual = 10.0 if kind == "order" else 0.0
    acts = [replace(each, kind=kind, time=each.time + usual) for each in clicks(late)]
    room = features_of([*pushes(late), *acts])
    assert_found(room, late)
    assert room.push_lag == pytest.approx(TYPICAL_PUSH_LAG_S, abs=10.0)


def test_viewers_who_click_leave_late_pushes_late_where_the_clock_is_right() -> None:
    room = features_of([*pushes(after=59.0), *clicks()])
    assert room.clock_offset == 0.0
    assert room.push_lag == pytest.approx(59.0, abs=6.0)


def assert_found(room: EventFeatures, late: Seconds) -> None:
    assert room.clock_offset == pytest.approx(late, abs=10.0)
    (warning,) = room.warnings
    assert f"{abs(room.clock_offset):.0f} s {'late' if late > 0 else 'early'}" in warning


@pytest.mark.parametrize("kinds", ["pushes", "clicks", "both"])
def test_a_clock_that_is_right_is_left_alone(kinds: str) -> None:
    events = (pushes() if kinds != "clicks" else []) + (clicks() if kinds != "pushes" else [])
    room = features_of(events)
    assert (room.clock_offset, room.warnings) == (0.0, ())


@pytest.mark.parametrize("after", [-10.0, 0.0, 20.0, 40.0])
def test_pushes_that_come_early_or_late_are_no_clock_that_is_off(after: Seconds) -> None:
    assert features_of(pushes(after=after)).clock_offset == 0.0


@pytest.mark.parametrize("late", [-60.0, 60.0])
def test_two_pushes_say_nothing_of_the_clock(late: Seconds) -> None:
    assert features_of(pushes(late)[3:5]).clock_offset == 0.0


@pytest.mark.parametrize("late", [-60.0, 60.0])
def test_a_handful_of_clicks_says_nothing_of_the_clock(late: Seconds) -> None:
    assert features_of(clicks(late)[: MIN_EVENTS - 1]).clock_offset == 0.0


def test_pushes_at_random_say_nothing_of_the_clock() -> None:
    random = np.random.default_rng(4)
    times, products = random.uniform(0, UNIT * UNITS, 40), random.integers(0, PRODUCTS, 40)
    wrong = [TimedEvent("product_push", float(t), int(p)) for t, p in zip(times, products, strict=True)]
    assert features_of(wrong).clock_offset == 0.0


def test_a_show_of_which_nothing_is_known_says_nothing_of_the_clock() -> None:
    unknown = posteriors_of()
    unknown.probabilities[:] = 0.02
    assert features_of([*pushes(60.0), *clicks(60.0)], unknown).clock_offset == 0.0


def test_a_log_that_is_moved_back_says_what_one_with_a_right_clock_says() -> None:
    right, late = features_of([*pushes(), *clicks()]), features_of([*pushes(60.0), *clicks(60.0)])
    assert late.clock_offset == pytest.approx(60.0, abs=UNIT)
    assert np.corrcoef(identity(late, "click").ravel(), identity(right, "click").ravel())[0, 1] > 0.85
    assert np.corrcoef(opening(late).ravel(), opening(right).ravel())[0, 1] > 0.85


# --- clicks and orders


@pytest.mark.parametrize("lag", [0.0, 18.0, 27.0])
def test_the_lag_of_clicks_is_learned(lag: Seconds) -> None:
    assert features_of(clicks(lag=lag, every=2.0)).click_lag == pytest.approx(lag, abs=3.0)


def test_too_few_clicks_have_the_usual_lag() -> None:
    few = clicks(lag=27.0)[: MIN_EVENTS - 1]
    assert features_of(few).click_lag == pytest.approx(CLICK_PRIOR.typical_lag, abs=3.0)


def test_clicks_speak_for_their_product_and_against_the_others() -> None:
    features = identity(features_of(clicks()), "click")
    inside = features[unit_at(start_of(2)) : unit_at(start_of(2) + LASTING)].sum(axis=0)
    assert inside[ORDER[2]] > 0
    assert (np.delete(inside, ORDER[2]) < 0).all()


def test_clicks_on_a_product_that_is_always_clicked_tell_less() -> None:
    steady = [TimedEvent("product_click", 20.0 + 5 * i, 0) for i in range(300)]
    rare = [TimedEvent("product_click", 503.0 + i, 1) for i in range(3)]
    features = identity(features_of([*steady, *rare]), "click")
    per_click = features[:, 1].max() / 3
    assert 0 < features[unit_at(1000), 0] < per_click


def test_however_many_click_no_unit_is_decided_by_them() -> None:
    crowd = clicks(every=0.2)
    assert np.abs(identity(features_of(crowd), "click")).max() <= MAX_CLICK_NATS


def test_the_work_for_clicks_grows_no_faster_than_their_number() -> None:
    random = np.random.default_rng(1)
    times, products = random.uniform(0, UNIT * UNITS, 100_000), random.integers(0, PRODUCTS, 100_000)
    crowd = [TimedEvent("product_click", t, p) for t, p in zip(times.tolist(), products.tolist(), strict=True)]
    few, many = (count_calls(partial(features_of, events)) for events in (crowd[:1000], crowd))
    assert many - few < 8 * len(crowd)


def test_a_handful_of_clicks_is_no_evidence() -> None:
    assert not identity(features_of(clicks()[: MIN_EVENTS - 1]), "click").any()


def test_orders_speak_of_what_was_said_longer_ago_than_clicks_do() -> None:
    at = [start_of(0) + 60.0 + i for i in range(MIN_EVENTS)]
    clicked, ordered = (
        identity(features_of(TimedEvent(kind, t, 3) for t in at), name)[:, 3]
        for kind, name in (("product_click", "click"), ("order", "order"))
    )
    assert 0 < ordered.argmax() < clicked.argmax()


@pytest.mark.parametrize("time", [-500.0, -1.0, 1e6])
@pytest.mark.parametrize(("kind", "feature"), [("product_click", "click"), ("order", "order")])
def test_acts_long_before_the_show_or_after_its_end_do_no_harm(kind: str, feature: str, time: float) -> None:
    assert not identity(features_of([TimedEvent(kind, time, 1)] * 20), feature).any()


# --- pushes


def test_a_product_that_is_pushed_again_is_still_explained() -> None:
    nats = identity(features_of([TimedEvent("product_push", time, 1) for time in (300.0, 360.0)]), "pushed")
    assert (nats[unit_at(330) : unit_at(360), 1] > 0).all()
    assert not np.delete(nats, 1, axis=1).any()
    assert nats.sum() <= MAX_REPEAT_NATS


def test_a_push_after_one_of_another_product_or_long_after_is_no_repeat() -> None:
    assert not identity(features_of(pushes()), "pushed").any()
    late = [TimedEvent("product_push", time, 1) for time in (300.0, 310.0 + MAX_REPEAT_AFTER_S)]
    assert not identity(features_of(late), "pushed").any()


@pytest.mark.parametrize("after", [-15.0, 0.0, 24.0, 60.0])
def test_pushes_speak_for_the_starts_that_they_follow_by_the_lag_of_the_show(after: Seconds) -> None:
    nats = opening(features_of(pushes(after=after)))
    starts = [unit_at(start_of(place)) for place in range(len(ORDER))]
    assert (nats[starts, ORDER] > 1.0).all()
    assert (nats[[unit + 8 for unit in starts], ORDER] < 0.0).all()


def test_a_start_that_no_push_follows_loses_what_the_recall_of_the_show_says() -> None:
    """Where every start is pushed, one without a push is doubtful; where half are, it is hardly."""
    thorough, patchy = (opening(features_of(pushes()[::every]))[unit_at(start_of(1)) - 8].mean() for every in (1, 2))
    assert -2.0 < thorough < patchy < -0.3


def test_pushes_of_other_products_than_are_explained_hardly_count() -> None:
    wrong = features_of([replace(push, product=(push.product + 1) % PRODUCTS) for push in pushes()])
    assert np.abs(opening(wrong)).max() < opening(features_of(pushes())).max() / 2


def test_a_product_that_is_pushed_all_the_time_says_less_by_each_push() -> None:
    spam = [TimedEvent("product_push", 35.0 * i, 3) for i in range(50)]
    nats = opening(features_of([*pushes(), *spam]))
    assert nats[unit_at(start_of(0)), 3] < nats[unit_at(start_of(3)), 1]


def test_no_push_decides_a_show() -> None:
    assert opening(features_of(pushes())).max() <= MAX_PUSH_NATS


def test_wrong_pushes_are_trusted_less_than_right_ones() -> None:
    right = features_of(pushes())
    wrong = features_of([replace(push, product=(push.product + 1) % PRODUCTS) for push in pushes()])
    assert wrong.push_reliability < PUSH_PRIOR.right_share < right.push_reliability


def test_one_wrong_push_hardly_changes_what_pushes_are_worth() -> None:
    assert features_of([TimedEvent("product_push", 10.0, 4)]).push_reliability == pytest.approx(
        PUSH_PRIOR.right_share, abs=0.15
    )


def test_a_press_of_the_explain_button_says_more_than_a_push() -> None:
    pressed, pushed = (features_of([TimedEvent(kind, 400.0, 1)]) for kind in ("explain_start", "product_push"))
    assert opening(pressed, "explain_start").max() > opening(pushed).max()
    assert not opening(pressed).any()


def test_a_push_by_the_explain_button_counts_once() -> None:
    pressed = [replace(push, kind="explain_start", time=push.time + 1) for push in pushes()]
    both = features_of([*pushes(), *pressed])
    assert not opening(both).any()
    np.testing.assert_array_equal(opening(both, "explain_start"), opening(features_of(pressed), "explain_start"))


def test_a_known_end_speaks_for_the_end_of_its_product() -> None:
    nats = features_of([*pushes(), *ends()]).product_closing[:, :, 0]
    lasts = [unit_at(start_of(place) + LASTING) - 1 for place in range(len(ORDER) - 1)]
    assert (nats[lasts, ORDER[:-1]] > 1.0).all()
    assert (nats[[unit - 10 for unit in lasts], ORDER[:-1]] < 0.0).all()


# --- kinds


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        (pushes(), ("pushes",)),
        ([replace(push, kind="explain_start") for push in pushes()], ("pushes",)),
        (clicks(), ("clicks",)),
        ([replace(click, kind="order") for click in clicks()], ("orders",)),
        ([*pushes(), *clicks()], ("pushes", "clicks")),
        (clicks()[: MIN_EVENTS - 1], ()),
        (ends(), ("ends",)),
        ([*clicks(), *ends()], ("clicks", "ends")),
    ],
)
def test_the_kinds_that_are_logged_are_told(events: Sequence[TimedEvent], kinds: tuple[str, ...]) -> None:
    assert features_of(events).kinds == kinds


def test_a_kind_that_is_not_there_says_exactly_nothing() -> None:
    pushed, clicked = features_of(pushes()), features_of(clicks())
    assert not identity(pushed, "click").any()
    assert not identity(pushed, "order").any()
    assert not identity(clicked, "pushed").any()
    assert not clicked.product_opening.any()
    assert not pushed.product_closing.any()
    assert features_of(ends()).product_closing.any()


def test_what_clicks_say_does_not_depend_on_pushes() -> None:
    np.testing.assert_array_equal(
        identity(features_of([*pushes(), *clicks()]), "click"), identity(features_of(clicks()), "click")
    )


def test_a_log_of_one_product_says_nothing_of_the_clock() -> None:
    steady = [TimedEvent("product_click", 5.0 * i, 2) for i in range(300)]
    room = features_of(steady)
    assert room.clock_offset == 0.0
    assert np.isfinite(room.identity).all()


def test_what_a_late_clock_puts_after_the_end_counts_where_it_belongs() -> None:
    room = features_of([*pushes(90.0), *clicks(90.0), TimedEvent("product_push", UNIT * UNITS + 60.0, 2)])
    assert room.clock_offset == pytest.approx(90.0, abs=10.0)
    assert (opening(room)[-20:, 2] > 0).any()


@pytest.mark.parametrize("time", [-500.0, 1e6, 1e9])
def test_pushes_long_before_the_show_or_after_its_end_do_no_harm(time: float) -> None:
    room = features_of([TimedEvent("product_push", time, 1)])
    assert not room.identity.any()
    assert not room.product_opening.any()


def _everything(count: int) -> Sequence[TimedEvent]:
    random = np.random.default_rng(count)
    kinds = ("product_push", "product_click", "order", "explain_start")
    return [
        TimedEvent(kinds[int(random.integers(4))], float(random.uniform(-300, 9000)), int(random.integers(PRODUCTS)))
        for _ in range(count)
    ]


@pytest.mark.parametrize("count", [1, 7, 60, 900])
def test_any_log_gives_finite_evidence(count: int) -> None:
    room = features_of(_everything(count))
    assert np.isfinite(room.identity).all()
    assert np.isfinite(room.product_opening).all()
    assert 0 <= room.push_reliability <= 1


def test_the_same_log_says_the_same_twice() -> None:
    first, second = (features_of(_everything(300)) for _ in range(2))
    np.testing.assert_array_equal(first.identity, second.identity)
    np.testing.assert_array_equal(first.product_opening, second.product_opening)
