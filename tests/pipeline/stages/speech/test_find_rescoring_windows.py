"""How many windows a show gets, and which names are compared."""

from pathlib import Path

import pytest

from domain.audio import SpeechAudio
from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import LinkedMentions
from domain.speech import Sentence, Transcript
from models.linking.entity_linker import EntityLinker
from pipeline.stages.speech.find_rescoring_windows import FindRescoringWindows

CATALOG = Catalog((Product(product_id="锅", title="不锈钢炒锅", brand="炊大皇"),))
MISHEARD = Transcript(
    "zh", "speech", tuple(Sentence.with_even_timing(Span(20.0 * i, 20.0 * i + 2), "一号是吹大火的") for i in range(30))
)


@pytest.mark.parametrize(("max_windows_per_hour", "windows"), [(0, 0), (6, 1), (25, 5), (600, 30)])
def test_a_show_gets_windows_by_its_length(max_windows_per_hour: int, windows: int) -> None:
    audio = SpeechAudio(Path("nowhere.wav"), 600.0, ())
    find = FindRescoringWindows(max_windows_per_hour)
    assert len(find(audio, MISHEARD, LinkedMentions(()), CATALOG).candidates) == windows


def test_near_duplicates_that_are_mentioned_are_compared_by_what_differs() -> None:
    catalog = Catalog(
        tuple(
            Product(product_id=shade, title=f"雾面唇泥口红{shade}", short_name="雾面唇泥", attributes={"色号": shade})
            for shade in ("奶茶豆沙", "枫叶砖红")
        )
    )
    sentences = tuple(
        Sentence.with_even_timing(Span(start, start + 2), text)
        for start, text in ((0, "来看雾面唇泥"), (20, "先说奶查豆杀这个"))
    )
    linked = LinkedMentions(EntityLinker(catalog).link(sentences))
    audio = SpeechAudio(Path("nowhere.wav"), 600.0, ())
    (candidate,) = FindRescoringWindows()(audio, Transcript("zh", "speech", sentences), linked, catalog).candidates
    assert [hypothesis.name for hypothesis in candidate.window.hypotheses] == ["奶茶豆沙"]
