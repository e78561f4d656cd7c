"""How many windows a show gets, and that captions need none."""

from pathlib import Path

import pytest

from domain.catalog import Catalog, Product
from domain.clock import Span
from domain.evidence import Mentions
from domain.media import AudioTrack
from domain.second_look import SecondLook
from domain.speech import Sentence, Transcript
from pipeline.stages.find_doubts import FindDoubts
from pipeline.stages.trust_captions import TrustCaptions

CATALOG = Catalog((Product(product_id="锅", title="不锈钢炒锅", brand="炊大皇"),))
MISHEARD = Transcript(
    "zh", "speech", tuple(Sentence.evenly(Span(20.0 * i, 20.0 * i + 2), "一号是吹大火的") for i in range(30))
)


@pytest.mark.parametrize(("windows_an_hour", "windows"), [(0, 0), (6, 1), (25, 5), (600, 30)])
def test_a_show_gets_windows_by_its_length(windows_an_hour: int, windows: int) -> None:
    audio = AudioTrack(Path("nowhere.wav"), 600.0, ())
    assert len(FindDoubts(windows_an_hour)(audio, MISHEARD, Mentions(()), CATALOG).doubts) == windows


def test_given_captions_are_taken_at_their_word() -> None:
    assert TrustCaptions()() == SecondLook((), ())
