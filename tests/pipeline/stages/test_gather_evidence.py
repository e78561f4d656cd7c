"""What was said and what the room logged, lined up."""

from datetime import UTC, datetime, timedelta

from domain.catalog import Catalog, Product
from domain.clock import Piece, Seconds, Span, Timeline
from domain.evidence import EventLog, Evidence, HostEvent, Mention, Mentions
from domain.session import Session
from domain.speech import Sentence, Transcript
from pipeline.stages.gather_evidence import GatherEvidence

CATALOG = Catalog((Product(product_id="毛巾", title="毛巾"), Product(product_id="精华", title="精华")))
WHOLE = Timeline((Piece(0, 0.0, 0.0, 0.0, 200.0),))
WITH_A_GAP = Timeline((Piece(0, 0.0, 0.0, 0.0, 100.0), Piece(0, 160.0, 160.0, 100.0, 100.0)))
BEGAN = datetime(2026, 11, 11, 12, 0, tzinfo=UTC)
SESSION = Session("双十一", started_at=BEGAN)
SAID = tuple(Sentence.evenly(Span(start, start + 10), "嗯") for start in range(0, 200, 10))


def gathered(*events: HostEvent, timeline: Timeline = WHOLE, mentions: tuple[Mention, ...] = ()) -> Evidence:
    transcript = Transcript("zh", "speech", SAID)
    return GatherEvidence()(transcript, Mentions(mentions), EventLog(events), CATALOG, timeline, SESSION)


def click(time: Seconds, product_id: str = "精华") -> HostEvent:
    return HostEvent("product_click", recording_time=time, product_id=product_id)


def test_products_stand_in_the_order_of_the_catalogue() -> None:
    evidence = gathered()
    assert evidence.product_ids == ("毛巾", "精华")
    assert evidence.speech.shape == evidence.events.shape == (20, 2)


def test_a_mention_speaks_for_its_product_in_its_sentence() -> None:
    evidence = gathered(mentions=(Mention("name", ("精华",), Span(30, 31), 3, "精华", 2.0),))
    assert evidence.speech[3].tolist() == [0.0, 2.0]


def test_no_log_adds_nothing_and_warns_of_nothing() -> None:
    evidence = gathered()
    assert not evidence.events.any()
    assert evidence.warnings == ()


def test_an_event_of_recording_time_counts_where_the_replay_shows_it() -> None:
    evidence = gathered(click(165.0 + 3.0), timeline=WITH_A_GAP)
    assert evidence.events[:, 1].argmax() == 10  # 165 s of the recording are 105 s of the replay


def test_an_event_by_the_wall_clock_counts_where_the_replay_shows_it() -> None:
    by_clock = HostEvent("product_click", at=BEGAN + timedelta(seconds=168), product_id="精华")
    evidence = gathered(by_clock, timeline=WITH_A_GAP)
    assert evidence.events[:, 1].argmax() == 10
    assert evidence.warnings == ()


def test_events_before_the_show_or_after_its_end_do_no_harm_and_are_told() -> None:
    early_and_late = [click(time) for time in (-600.0, -0.1, 200.0, 5000.0)]
    pushes = [HostEvent("product_push", recording_time=time, product_id="毛巾") for time in (-30.0, 300.0)]
    evidence = gathered(*early_and_late, *pushes)
    assert not evidence.events.any()
    assert evidence.warnings == ("6 of 6 events lie outside the recording and were set aside",)


def test_events_outside_the_recording_by_the_wall_clock_are_set_aside_and_told() -> None:
    late = HostEvent("product_click", at=BEGAN + timedelta(hours=5), product_id="精华")
    evidence = gathered(click(55.0), late)
    assert "1 of 2 events" in evidence.warnings[0]
    assert evidence.events[5, 1] > 0


def test_events_of_unknown_products_and_kinds_are_no_evidence() -> None:
    evidence = gathered(click(50.0, "不在货盘"), HostEvent("gift_rain", recording_time=50.0, product_id="精华"))
    assert not evidence.events.any()


def test_events_out_of_order_say_the_same_as_in_order() -> None:
    pushes = [HostEvent("product_push", recording_time=t, product_id=p) for t, p in ((20.0, "精华"), (90.0, "毛巾"))]
    forwards, backwards = gathered(*pushes), gathered(*reversed(pushes))
    assert forwards.events.any()
    assert (forwards.events == backwards.events).all()
