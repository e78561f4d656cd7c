"""Training shows: the truth, unit by unit."""

from collections.abc import Sequence

import numpy as np

from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import DISCOURSE_ROLES, DiscourseRole
from domain.speech import Sentence, Transcript
from fixtures.tiny_scripts import CHINESE_PRODUCTS, chinese_script
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.simulation.scripts.script import Utterance
from learning.simulation.scripts.speech_timing import TimedUtterance
from learning.simulation.simulate import SimulationConfig, simulate_shows
from learning.training.training_shows import (
    TrainingShow,
    TrainingShowInputs,
    TrueSegment,
    build_training_show,
    inputs_from_simulation,
)

UNIT = 10.0  # seconds: one sentence, long enough to be a unit of its own


def spoken(*said: tuple[DiscourseRole, str]) -> tuple[TimedUtterance, ...]:
    """One utterance a unit: its role, and the products that it is about, a letter each."""
    return tuple(
        TimedUtterance(Utterance(text="说一句话", role=role, about=tuple(about)), Span(i * UNIT, (i + 1) * UNIT))
        for i, (role, about) in enumerate(said)
    )


def training_show(said: Sequence[TimedUtterance], *highlights: TrueHighlight) -> TrainingShow:
    end = said[-1].span.end
    sentences = tuple(Sentence.with_even_timing(Span(each.span.start, each.span.end - 0.5), "大家好") for each in said)
    return build_training_show(
        TrainingShowInputs(
            name="show",
            group="ta",
            catalog=Catalog(CHINESE_PRODUCTS),
            transcript=Transcript("zh", "captions", sentences),
            sightings=(),
            events=(),
            truth=GroundTruth("show", end, highlights),
            utterances=tuple(said),
        )
    )


CHAT: tuple[DiscourseRole, str] = ("chat", "")
FEATURE: tuple[DiscourseRole, str] = ("feature", "")


def test_an_explanation_is_the_units_that_lie_nearest() -> None:
    built = training_show(spoken(*[CHAT] * 6), TrueHighlight(11.0, 38.0, ("a",)))
    assert built.segments == (TrueSegment(1, 4, ("a",)),)


def test_units_open_and_close_explanations_of_listed_products_alone() -> None:
    said = spoken(CHAT, ("intro", "a"), ("price", "a"), CHAT, *[FEATURE] * 3, CHAT)
    built = training_show(said, TrueHighlight(10.0, 30.0, ("a",)))
    assert np.flatnonzero(built.opening_labels).tolist() == [1]
    assert np.flatnonzero(built.closing_labels).tolist() == [2]


def test_what_is_explained_but_not_listed_is_a_segment_of_no_product() -> None:
    said = spoken(CHAT, ("intro", ""), ("feature", ""), ("price", ""), CHAT)
    assert training_show(said).segments == (TrueSegment(1, 4, ()),)


def test_a_word_or_two_about_something_else_is_no_segment() -> None:
    assert training_show(spoken(CHAT, ("intro", ""), ("feature", ""), CHAT)).segments == ()


def test_talk_within_an_explanation_is_about_nothing_else() -> None:
    said = spoken(CHAT, *[FEATURE] * 4, CHAT)
    built = training_show(said, TrueHighlight(10.0, 50.0, ("b",)))
    assert built.segments == (TrueSegment(1, 5, ("b",)),)


def test_explanations_that_overlap_by_rounding_do_not_share_units() -> None:
    built = training_show(spoken(*[CHAT] * 6), TrueHighlight(4.0, 26.0, ("a",)), TrueHighlight(24.0, 52.0, ("b",)))
    assert [(each.start, each.end) for each in built.segments] == [(0, 3), (3, 5)]


def test_a_product_that_the_catalogue_has_not_teaches_nothing() -> None:
    built = training_show(
        spoken(*[CHAT] * 6), TrueHighlight(10.0, 30.0, ("gone",)), TrueHighlight(30.0, 50.0, ("gone", "a"))
    )
    assert built.segments == (TrueSegment(3, 5, ("a",)),)


def test_the_role_that_fills_most_of_a_unit_is_its_role() -> None:
    said = (
        TimedUtterance(Utterance(text="一", role="price"), Span(0.0, 3.0)),
        TimedUtterance(Utterance(text="二", role="demo"), Span(3.0, 9.5)),
    )
    sentences = (Sentence.with_even_timing(Span(0.0, 9.5), "大家好"),)
    built = build_training_show(
        TrainingShowInputs(
            "show",
            "ta",
            Catalog(CHINESE_PRODUCTS),
            Transcript("zh", "captions", sentences),
            (),
            (),
            GroundTruth("show", 60.0, ()),
            said,
        )
    )
    assert built.roles[0] == DISCOURSE_ROLES.index("demo")


def test_where_nobody_speaks_it_is_chat() -> None:
    said = (*spoken(("price", "a")), TimedUtterance(Utterance(text="完", role="price"), Span(50.0, 60.0)))
    built = training_show(said)
    silent = built.units.overlaps(Span(20.0, 40.0))
    assert {DISCOURSE_ROLES[role] for role in built.roles[silent]} == {"chat"}


def test_a_simulated_show_is_of_its_writers_group_with_events_in_order() -> None:
    (show,) = simulate_shows(SimulationConfig((chinese_script(),)), 11, range(1))
    built = inputs_from_simulation(show)
    assert built.group == "ta"
    assert all(event.product_id for event in built.events)
    assert [event.time for event in built.events] == sorted(event.time for event in built.events)


def test_the_segments_of_a_simulated_show_are_its_truth() -> None:
    (show,) = simulate_shows(SimulationConfig((chinese_script(),)), 11, range(1))
    built = build_training_show(inputs_from_simulation(show))
    listed = [segment.product_ids for segment in built.segments if segment.product_ids]
    assert listed == [highlight.product_ids for highlight in show.truth.highlights]
