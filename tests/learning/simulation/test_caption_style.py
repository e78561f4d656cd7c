"""Captions in lower case and in long cues have the same words."""

from itertools import pairwise

import pytest

from domain.clock import Span
from domain.speech import Sentence, Transcript
from learning.simulation.caption_style import in_long_cues, in_lower_case


def transcript(*texts: str, unreliable: int = -1) -> Transcript:
    """Sentences of 4 s, every 5 s. Each speaks its words in the first second."""
    sentences = tuple(
        Sentence(5.0 * i, 5.0 * i + 4, text, tuple(5.0 * i + n / len(text) for n in range(len(text))), i != unreliable)
        for i, text in enumerate(texts)
    )
    return Transcript("en", "captions", sentences)


def test_lower_case_keeps_words_and_times() -> None:
    captions = transcript("Take BOTH", "İt")
    lowered = in_lower_case(captions)
    assert [each.text for each in lowered.sentences] == ["take both", "İt"]
    assert [each.char_starts for each in lowered.sentences] == [each.char_starts for each in captions.sentences]


def test_a_long_cue_spreads_its_words_over_half_a_minute() -> None:
    captions = transcript(*["all in one second"] * 12)
    cues = in_long_cues(captions)
    words = " ".join(each.text for each in cues.sentences)
    assert words == " ".join(["all in one second"] * 12)
    assert (cues.sentences[0].start, cues.sentences[-1].end) == (0.0, 59.0)
    starts = [start for each in cues.sentences for start in each.char_starts if start < 29.0]
    steps = {round(later - earlier, 3) for earlier, later in pairwise(starts)}
    assert max(steps) == pytest.approx(29.0 / len(" ".join(["all in one second"] * 6)), abs=0.3)


def test_a_cue_is_as_reliable_as_its_sentences() -> None:
    cues = in_long_cues(transcript("heard", "not heard", "heard again", unreliable=1))
    assert [(each.text, each.is_reliable) for each in cues.sentences] == [
        ("heard", True), ("not heard", False), ("heard again", True)
    ]  # fmt: skip


def test_no_words_are_no_cues() -> None:
    assert in_long_cues(transcript()).sentences == ()


def test_a_cue_of_one_long_sentence_stays_whole() -> None:
    sentence = Sentence.with_even_timing(Span(0.0, 50.0), "a")
    assert in_long_cues(Transcript("en", "captions", (sentence,))).sentences == (sentence,)
