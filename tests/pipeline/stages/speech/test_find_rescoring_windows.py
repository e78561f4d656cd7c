"""How many windows a show gets, and that captions need none."""

from pathlib import Path

import pytest

from domain.audio import SpeechAudio
from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mentions
from domain.rescoring import RescoringResult
from domain.speech import Sentence, Transcript
from models.linking.entity_linker import EntityLinker
from pipeline.stages.speech.find_rescoring_windows import FindRescoringWindows
from pipeline.stages.speech.skip_rescoring import SkipRescoring

CATALOG = Catalog((Product(product_id="锅", title="不锈钢炒锅", brand="炊大皇"),))
MISHEARD = Transcript(
    "zh", "speech", tuple(Sentence.with_even_timing(Span(20.0 * i, 20.0 * i + 2), "一号是吹大火的") for i in range(30))
)


@pytest.mark.parametrize(("max_windows_per_hour", "windows"), [(0, 0), (6, 1), (25, 5), (600, 30)])
def test_a_show_gets_windows_by_its_length(max_windows_per_hour: int, windows: int) -> None:
    audio = SpeechAudio(Path("nowhere.wav"), 600.0, ())
    assert len(FindRescoringWindows(max_windows_per_hour)(audio, MISHEARD, Mentions(()), CATALOG).candidates) == windows


def test_sisters_that_words_point_at_are_told_apart_by_what_differs() -> None:
    catalog = Catalog(
        tuple(
            Product(product_id=shade, title=f"雾面唇泥口红{shade}", short_name="雾面唇泥", attributes={"色号": shade})
            for shade in ("奶茶豆沙", "枫叶砖红")
        )
    )
    said = tuple(
        Sentence.with_even_timing(Span(start, start + 2), text)
        for start, text in ((0, "来看雾面唇泥"), (20, "先说奶查豆杀这个"))
    )
    mentions = Mentions(EntityLinker(catalog).link(said))
    audio = SpeechAudio(Path("nowhere.wav"), 600.0, ())
    (doubt,) = FindRescoringWindows()(audio, Transcript("zh", "speech", said), mentions, catalog).candidates
    assert [reading.name for reading in doubt.window.hypotheses] == ["奶茶豆沙"]


def test_given_captions_are_taken_at_their_word() -> None:
    assert SkipRescoring()() == RescoringResult((), ())
