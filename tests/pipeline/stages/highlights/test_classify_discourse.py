"""The stage that classifies what hosts do, on the units that the flow makes."""

from pathlib import Path

import numpy as np
import pytest

from domain.clock import Span, Timeline, TimelineClip
from domain.errors import WeightsError
from domain.evidence import DISCOURSE_ROLES, DiscourseClassification, LinkedMentions
from domain.session import Language
from domain.speech import Sentence, Transcript
from pipeline.stages.highlights.classify_discourse import ClassifyDiscourse
from pipeline.stages.highlights.split_utterances import SplitUtterances

TIMELINE = Timeline((TimelineClip(0, 0.0, 0.0, 0.0, 60.0),))
TEXTS: dict[Language, tuple[str, ...]] = {
    "zh": ("欢迎来到直播间", "接下来给大家看这款精华", "到手价一百六十九", "点一号链接去拍"),
    "en": ("welcome to the show", "next up is this serum", "it is yours for sixty nine", "tap link number one"),
}


def classified(language: Language, texts: tuple[str, ...], model: str = "default") -> DiscourseClassification:
    sentences = tuple(Sentence.with_even_timing(Span(10 * i, 10 * i + 9), text) for i, text in enumerate(texts))
    transcript = Transcript(language, "speech", sentences)
    return ClassifyDiscourse(model)(transcript, SplitUtterances()(transcript, TIMELINE), LinkedMentions(()))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_unit_has_chances_of_roles(language: Language) -> None:
    discourse = classified(language, TEXTS[language])
    assert discourse.role_probabilities.shape == (len(discourse.unit_starts), len(DISCOURSE_ROLES))
    np.testing.assert_allclose(discourse.role_probabilities.sum(axis=1), 1.0)
    assert (discourse.role_probabilities >= 0).all()
    assert discourse.opening_log_odds.shape == discourse.closing_log_odds.shape == discourse.unit_starts.shape


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_said_changes_the_roles(language: Language) -> None:
    forwards, backwards = classified(language, TEXTS[language]), classified(language, TEXTS[language][::-1])
    assert not np.array_equal(forwards.role_probabilities, backwards.role_probabilities)


def test_a_show_in_which_nobody_speaks_is_classified_too() -> None:
    discourse = classified("zh", ())
    assert np.isfinite(discourse.opening_log_odds).all()
    assert len(discourse.role_probabilities) == len(discourse.unit_starts)


def test_weights_that_are_not_there_are_an_error_that_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="kandian train"):
        classified("zh", (), model=str(tmp_path))
