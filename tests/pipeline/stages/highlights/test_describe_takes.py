"""Words for every take."""

from dataclasses import replace

from domain.catalog import Catalog, Product
from domain.clock import Seconds, Span, Timeline, TimelineClip
from domain.evidence import (
    EventLog,
    HostEvent,
    Mention,
    Mentions,
)
from domain.highlight import DescribedTake, Take, Takes
from domain.session import Session
from domain.speech import Transcript
from domain.vision import Sightings
from fixtures.four_sentences import SENTENCES, discourse, take
from models.segmentation.event_features import empty_event_features
from pipeline.stages.highlights.describe_takes import DescribeTakes

CATALOG = Catalog(
    (
        Product(product_id="精华", title="精华液", short_name="双抗精华", brand="珀莱雅"),
        Product(product_id="毛巾", title="毛巾"),
    )
)
TIMELINE = Timeline((TimelineClip(0, 0.0, 1000.0, 0.0, 40.0),))  # the recording clock begins at 1000 s


def named(product_id: str, sentence: int) -> Mention:
    start = SENTENCES[sentence].start
    return Mention("name", (product_id,), Span(start, start + 2), sentence, "双抗精华", 3.0)


def described(
    *takes: Take, mentions: tuple[Mention, ...] = (), events: tuple[HostEvent, ...] = (), clock_offset: Seconds = 0.0
) -> tuple[DescribedTake, ...]:
    result = DescribeTakes()(
        takes=Takes(tuple(t for t in takes if not t.is_tie), tuple(t for t in takes if t.is_tie)),
        transcript=Transcript("zh", "speech", SENTENCES),
        mentions=Mentions(mentions),
        sightings=Sightings(()),
        discourse=discourse(),
        catalog=CATALOG,
        events=EventLog(events),
        event_features=replace(empty_event_features(4, 2), clock_offset=clock_offset),
        timeline=TIMELINE,
        session=Session("场次"),
    )
    return (*result.takes, *result.suggestions)


def test_a_take_has_the_title_of_its_product() -> None:
    assert described(take(10, 40))[0].title == "珀莱雅双抗精华"


def test_a_bundle_names_both_of_its_products() -> None:
    both = Take(("精华", "毛巾"), Span(10, 40), 10, 0.9, 1.0, take_number=1, is_best=True)
    assert described(both)[0].title == "珀莱雅双抗精华 + 毛巾"


def test_a_tie_names_one_or_the_other() -> None:
    tie = Take(("精华", "毛巾"), Span(10, 40), 10, 0.9, 1.0, take_number=1, is_best=True, is_tie=True)
    (description,) = described(tie)
    assert description.title == "珀莱雅双抗精华 / 毛巾"
    assert any(reason.kind == "doubt" and "分不清" in reason.text for reason in description.reasons)


def test_words_come_from_inside_the_take_only() -> None:
    mentions = tuple(named("精华", number) for number in (0, 1))
    (description,) = described(take(10, 30), mentions=mentions)
    assert description.summary == "双抗精华抗糖抗氧，到手一百六十九块九。"
    assert [(moment.kind, moment.at) for moment in description.moments] == [("price", 20)]
    assert [reason.text for reason in description.reasons] == ["说到“双抗精华”"]


def test_pushes_are_reasons_at_their_time_in_the_replay() -> None:
    pushed = HostEvent("product_push", recording_time=1012.0, product_id="精华")
    clicked = HostEvent("product_click", recording_time=1014.0, product_id="精华")
    outside = HostEvent("product_push", recording_time=12.0, product_id="精华")
    (description,) = described(take(10, 30), events=(pushed, clicked, outside))
    assert [(reason.start, reason.text) for reason in description.reasons] == [(12.0, "直播间 0:12 推了这个商品")]


def test_the_clock_offset_of_the_log_is_taken_from_its_pushes() -> None:
    pushed = HostEvent("product_push", recording_time=1016.0, product_id="精华")
    (description,) = described(take(10, 30), events=(pushed,), clock_offset=4.0)
    assert [reason.start for reason in description.reasons] == [12.0]


def test_mentions_of_other_products_are_no_reasons() -> None:
    (description,) = described(take(10, 30, "毛巾"), mentions=(named("精华", 1),))
    assert description.reasons == ()
