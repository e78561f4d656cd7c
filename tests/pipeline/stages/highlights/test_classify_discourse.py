"""The stage that tells what hosts do."""

from pathlib import Path

import numpy as np
import pytest

from domain.clock import Span, Timeline, TimelineClip
from domain.errors import WeightsError
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, Mentions
from domain.session import Language
from domain.speech import Sentence, Transcript
from models.segmentation.utterance_units import build_utterance_units
from pipeline.stages.highlights.classify_discourse import ClassifyDiscourse

TIMELINE = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 60.0),))
SAID: dict[Language, tuple[str, ...]] = {
    "zh": ("欢迎来到直播间", "接下来给大家看这款精华", "到手价一百六十九", "点一号链接去拍"),
    "en": ("welcome to the show", "next up is this serum", "it is yours for sixty nine", "tap link number one"),
}


def read(language: Language, texts: tuple[str, ...]) -> DiscourseClassification:
    sentences = tuple(Sentence.with_even_timing(Span(10 * i, 10 * i + 9), text) for i, text in enumerate(texts))
    return ClassifyDiscourse()(Transcript(language, "speech", sentences), Mentions(()), TIMELINE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_unit_has_chances_of_roles(language: Language) -> None:
    discourse = read(language, SAID[language])
    assert discourse.role_probabilities.shape == (len(discourse.unit_starts), len(DISCOURSE_ROLES))
    np.testing.assert_allclose(discourse.role_probabilities.sum(axis=1), 1.0)
    assert (discourse.role_probabilities >= 0).all()
    assert discourse.opening_log_odds.shape == discourse.closing_log_odds.shape == discourse.unit_starts.shape


def test_units_are_those_of_the_rest_of_the_flow() -> None:
    sentences = tuple(Sentence.with_even_timing(Span(10 * i, 10 * i + 9), text) for i, text in enumerate(SAID["zh"]))
    np.testing.assert_array_equal(
        read("zh", SAID["zh"]).unit_starts, build_utterance_units(sentences, TIMELINE.replay_span).starts
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_changes_what_is_read(language: Language) -> None:
    forwards, backwards = read(language, SAID[language]), read(language, SAID[language][::-1])
    assert not np.array_equal(forwards.role_probabilities, backwards.role_probabilities)


def test_a_show_in_which_nobody_speaks_is_read_too() -> None:
    discourse = read("zh", ())
    assert np.isfinite(discourse.opening_log_odds).all()
    assert len(discourse.role_probabilities) == len(discourse.unit_starts)


def test_weights_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="kandian train"):
        ClassifyDiscourse(model=str(tmp_path))(Transcript("zh", "speech", ()), Mentions(()), TIMELINE)
