"""The evidence of training shows, with some of it left out."""

from dataclasses import replace
from zlib import crc32

import numpy as np
import pytest

from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, MentionKind, UnitFeatures
from domain.speech import Sentence, Transcript
from domain.vision import Sighting
from fixtures.tiny_scripts import CHINESE_PRODUCTS
from learning.evaluation.gold_show import ProductEvent
from learning.evaluation.ground_truth import GroundTruth, TrueHighlight
from learning.training.show_evidence import (
    LEFT_OUT_SHARES,
    ShowEvidence,
    aligned_event_features,
    build_show_evidence,
    evidence_copies,
    score_evidence,
)
from learning.training.training_shows import TrainingShow, TrainingShowInputs, build_training_show
from learning.training.weight_priors import prior_weights
from models.evidence.unit_features import CLOSING_FEATURES, OPENING_FEATURES, SPEECH_FEATURES

SAID = ("大家晚上好", "一号链接寿眉饼", "两百六十八一块", "二号链接白瓷盖碗", "一个七十九", "绿豆糕低糖的四百克") * 2
SIGHTING = Sighting("photo", ("a",), Span(10.0, 30.0), "", 2.0)
PUSH = ProductEvent("product_push", 12.0, "a")


def show_named(name: str) -> TrainingShow:
    """A show of two minutes with pictures and a log."""
    sentences = tuple(Sentence.with_even_timing(Span(10.0 * i, 10.0 * i + 9.5), text) for i, text in enumerate(SAID))
    truth = GroundTruth(name, 10.0 * len(SAID), (TrueHighlight(10.0, 30.0, ("a",)), TrueHighlight(30.0, 50.0, ("b",))))
    transcript = Transcript("zh", "captions", sentences)
    catalog = Catalog(CHINESE_PRODUCTS)
    return build_training_show(TrainingShowInputs(name, "ta", catalog, transcript, (SIGHTING,), (PUSH,), truth, ()))


def discourse_of(show: TrainingShow) -> DiscourseClassification:
    """Every unit differs from every other."""
    units = np.arange(1.0, len(show.units) + 1)
    roles = np.full((len(units), len(DISCOURSE_ROLES)), 0.01)
    roles[np.arange(len(units)), np.arange(len(units)) % len(DISCOURSE_ROLES)] = 0.88
    return DiscourseClassification(roles, units, -units, show.units.starts)


def copies_of(show: TrainingShow) -> list[ShowEvidence]:
    return evidence_copies([show], {show.name: discourse_of(show)})


@pytest.fixture(scope="module")
def show() -> TrainingShow:
    return show_named("a show")


@pytest.fixture(scope="module")
def left_out(show: TrainingShow) -> list[ShowEvidence]:
    """The copies with evidence left out of forty shows that differ in their names alone."""
    return [copies_of(replace(show, name=f"show {number}"))[-1] for number in range(40)]


def test_the_copies_of_a_show_weigh_as_much_as_the_show(show: TrainingShow) -> None:
    for each in (replace(show, weight=2.0), replace(show, weight=2.0, sightings=(), events=())):
        assert sum(copy.weight for copy in copies_of(each)) == pytest.approx(2.0)


def test_a_show_is_learned_from_whole_and_with_speech_alone(show: TrainingShow) -> None:
    speech_alone, whole, _ = copies_of(show)
    assert (speech_alone.show.sightings, speech_alone.show.events) == ((), ())
    assert whole.show is show
    np.testing.assert_array_equal(whole.evidence.identity, evidence_of(show).identity)


def test_a_show_with_speech_alone_has_no_second_copy_of_it(show: TrainingShow) -> None:
    assert len(copies_of(replace(show, sightings=(), events=()))) == 2


def evidence_of(show: TrainingShow) -> UnitFeatures:
    return build_show_evidence(show, discourse_of(show))


def test_what_is_left_out_depends_on_the_name_of_the_show_alone(show: TrainingShow) -> None:
    beside = replace(show, name="another show")
    discourse = {each.name: discourse_of(each) for each in (show, beside)}
    alone, among_others = copies_of(show)[-1], evidence_copies([beside, show], discourse)[-1]
    for field in ("identity", "explanation", "opening", "closing"):
        np.testing.assert_array_equal(getattr(alone.evidence, field), getattr(among_others.evidence, field))


def test_the_name_says_which_of_pictures_and_log_are_left_out(show: TrainingShow, left_out: list[ShowEvidence]) -> None:
    whole = [((), ()), (show.sightings, ()), ((), show.events), (show.sightings, show.events)]
    for copy in left_out:
        assert (copy.show.sightings, copy.show.events) == whole[crc32(copy.show.name.encode()) % 4]


@pytest.mark.parametrize("kinds", LEFT_OUT_SHARES)
def test_some_shows_lack_a_kind_of_mentions_and_most_have_it(
    kinds: tuple[MentionKind, ...], show: TrainingShow, left_out: list[ShowEvidence]
) -> None:
    columns = [SPEECH_FEATURES.index(kind) for kind in kinds]
    assert evidence_of(show).identity[:, :, columns].any()
    lacking = [copy for copy in left_out if not copy.evidence.identity[:, :, columns].any()]
    assert 0 < len(lacking) < len(left_out) / 2


def test_names_and_nicknames_are_left_out_together(show: TrainingShow) -> None:
    nickname = replace(next(each for each in show.mentions if each.kind == "name"), kind="alias")
    both = replace(show, mentions=(*show.mentions, nickname))
    kinds = [{each.kind for each in copies_of(replace(both, name=f"{n}"))[-1].show.mentions} for n in range(20)]
    assert {("name" in each, "alias" in each) for each in kinds} == {(True, True), (False, False)}


def is_shifted(copy: ShowEvidence) -> bool:
    opens = copy.evidence.opening[:, OPENING_FEATURES.index("opens")]
    return bool((opens != evidence_of(copy.show).opening[:, OPENING_FEATURES.index("opens")]).any())


def test_in_a_quarter_of_shows_what_hosts_do_is_moved_to_where_it_says_nothing(left_out: list[ShowEvidence]) -> None:
    assert 0.1 < np.mean([is_shifted(copy) for copy in left_out]) < 0.45


def test_moved_talk_is_that_of_the_same_show_a_quarter_or_more_away(left_out: list[ShowEvidence]) -> None:
    opens, closes = OPENING_FEATURES.index("opens"), CLOSING_FEATURES.index("closes")
    for copy in filter(is_shifted, left_out):
        own = evidence_of(copy.show)
        units = len(own.opening)
        (shift,) = [
            by for by in range(units) if (np.roll(own.opening[:, opens], by) == copy.evidence.opening[:, opens]).all()
        ]
        assert units / 4 - 1 <= shift <= 3 * units / 4 + 1
        np.testing.assert_array_equal(np.roll(own.closing[:, closes], shift), copy.evidence.closing[:, closes])


def test_moved_talk_leaves_what_was_said_where_it_was(left_out: list[ShowEvidence]) -> None:
    copy = next(filter(is_shifted, left_out))
    column = SPEECH_FEATURES.index("attribute")
    np.testing.assert_array_equal(copy.evidence.identity[:, :, column], evidence_of(copy.show).identity[:, :, column])


def test_a_show_without_log_has_no_evidence_of_one(show: TrainingShow) -> None:
    speech_alone, whole, _ = copies_of(show)
    assert aligned_event_features(speech_alone, prior_weights()).is_empty
    assert not aligned_event_features(whole, prior_weights()).is_empty


def test_a_scored_copy_keeps_its_weight(show: TrainingShow) -> None:
    assert score_evidence(copies_of(show)[0], prior_weights()).weight == 0.25
