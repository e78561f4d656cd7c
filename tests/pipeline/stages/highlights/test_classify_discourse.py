"""The stage that tells what hosts do."""

from pathlib import Path

import numpy as np
import pytest

from domain.clock import Piece, Span, Timeline
from domain.errors import WeightsError
from domain.evidence import ROLES, Discourse, Mentions
from domain.session import Language
from domain.speech import Sentence, Transcript
from models.segmentation.utterance_units import units_of
from pipeline.stages.highlights.classify_discourse import ReadDiscourse

TIMELINE = Timeline((Piece(0, 0.0, 0.0, 0.0, 60.0),))
SAID: dict[Language, tuple[str, ...]] = {
    "zh": ("欢迎来到直播间", "接下来给大家看这款精华", "到手价一百六十九", "点一号链接去拍"),
    "en": ("welcome to the show", "next up is this serum", "it is yours for sixty nine", "tap link number one"),
}


def read(language: Language, texts: tuple[str, ...]) -> Discourse:
    sentences = tuple(Sentence.evenly(Span(10 * i, 10 * i + 9), text) for i, text in enumerate(texts))
    return ReadDiscourse()(Transcript(language, "speech", sentences), Mentions(()), TIMELINE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_unit_has_chances_of_roles(language: Language) -> None:
    discourse = read(language, SAID[language])
    assert discourse.roles.shape == (len(discourse.starts), len(ROLES))
    np.testing.assert_allclose(discourse.roles.sum(axis=1), 1.0)
    assert (discourse.roles >= 0).all()
    assert discourse.opening.shape == discourse.closing.shape == discourse.starts.shape


def test_units_are_those_of_the_rest_of_the_flow() -> None:
    sentences = tuple(Sentence.evenly(Span(10 * i, 10 * i + 9), text) for i, text in enumerate(SAID["zh"]))
    np.testing.assert_array_equal(read("zh", SAID["zh"]).starts, units_of(sentences, TIMELINE.replay).starts)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_changes_what_is_read(language: Language) -> None:
    forwards, backwards = read(language, SAID[language]), read(language, SAID[language][::-1])
    assert not np.array_equal(forwards.roles, backwards.roles)


def test_a_show_in_which_nobody_speaks_is_read_too() -> None:
    discourse = read("zh", ())
    assert np.isfinite(discourse.opening).all()
    assert len(discourse.roles) == len(discourse.starts)


def test_weights_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="kandian train"):
        ReadDiscourse(model=str(tmp_path))(Transcript("zh", "speech", ()), Mentions(()), TIMELINE)
