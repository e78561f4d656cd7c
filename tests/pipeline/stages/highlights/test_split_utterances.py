"""The grid of a show's evidence, and that it is stored whole."""

from pathlib import Path

import numpy as np

from domain.clock import Span, Timeline, TimelineClip
from domain.evidence import UtteranceUnits
from domain.speech import Sentence, Transcript
from pipeline.engine.serialization import read_artefact, write_artefact
from pipeline.stages.highlights.split_utterances import SplitUtterances

TIMELINE = Timeline((TimelineClip(0, 0.0, 1000.0, 0.0, 60.0),))  # the recording clock begins at 1000 s
SENTENCES = (
    Sentence.with_even_timing(Span(2, 5), "来看精华"),
    Sentence.with_even_timing(Span(5.2, 8), "抗糖抗氧"),
    Sentence.with_even_timing(Span(20, 25), "听不清", is_reliable=False),
)


def split(*sentences: Sentence) -> UtteranceUnits:
    return SplitUtterances()(Transcript("zh", "speech", sentences), TIMELINE)


def test_units_tile_the_replay_from_the_first_words_to_its_end() -> None:
    units = split(*SENTENCES)
    assert units.ends[-1] == 60.0
    np.testing.assert_array_equal(units.starts[1:], units.ends[:-1])
    assert [units.texts[i] for i in units.unit_of_sentence] == ["来看精华抗糖抗氧", "来看精华抗糖抗氧", "听不清"]


def test_units_come_back_from_the_store_as_they_were(tmp_path: Path) -> None:
    units = split(*SENTENCES)
    write_artefact(units, tmp_path)
    stored = read_artefact(UtteranceUnits, tmp_path)
    for name in ("starts", "ends", "speech_ends", "is_reliable"):
        np.testing.assert_array_equal(getattr(stored, name), getattr(units, name))
        assert (tmp_path / f"{name}.npy").is_file()
    assert (stored.texts, stored.unit_of_sentence) == (units.texts, units.unit_of_sentence)


def test_a_show_in_which_nobody_speaks_has_units_of_silence() -> None:
    units = split()
    assert set(units.texts) == {""}
    assert (units.starts[0], units.ends[-1]) == (0.0, 60.0)
