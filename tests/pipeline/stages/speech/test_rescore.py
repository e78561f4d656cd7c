"""The second look: what it costs again, and what the real Whisper makes of a real show."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.audio import SpeechAudio
from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import Mentions
from domain.progress import no_progress
from domain.rescoring import (
    Hypothesis,
    HypothesisTarget,
    RescoredWindow,
    RescoringCandidate,
    RescoringCandidates,
    RescoringResult,
    RescoringWindow,
)
from domain.speech import Sentence, Transcript
from fixtures.media import PROBED, media_of, recording
from pipeline.engine.cache_keys import artefact_key
from pipeline.engine.stage import plan_parts
from pipeline.inputs.catalog import read_catalog
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.speech.extract_speech_audio import ExtractSpeechAudio
from pipeline.stages.speech.find_rescoring_windows import FindRescoringWindows
from pipeline.stages.speech.link_mentions import LinkMentions
from pipeline.stages.speech.rescore import Rescore

SHOW = Path(__file__).parents[4] / "fixtures" / "shows" / "zh-mini"


def doubt(start: float, text: str, name: str, heard: str) -> RescoringCandidate:
    at = text.index(heard)
    window = RescoringWindow(Span(start, start + 4), "zh", text, (Hypothesis(name, at, at + len(heard)),), (name,))
    return RescoringCandidate(window, (HypothesisTarget("name", (name,), Span(start + 1, start + 2), 0),))


FIRST, SECOND = doubt(10, "吹大火的", "炊大皇", "吹大火"), doubt(50, "平体锅", "平底锅", "平体锅")


def keys(doubts: RescoringCandidates) -> list[str]:
    stage = Rescore()
    parts = plan_parts(stage, {"candidates": doubts})
    return [artefact_key(stage, "part", {"audio": "aa"}, part) for part in parts]


def test_a_window_is_heard_again_only_when_its_own_names_change() -> None:
    renamed = replace(SECOND, window=replace(SECOND.window, hotwords=("平底锅", "煎锅")))
    before, after = keys(RescoringCandidates((FIRST, SECOND))), keys(RescoringCandidates((FIRST, renamed)))
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_what_a_name_stands_for_does_not_count_for_the_sound() -> None:
    other = replace(FIRST, targets=(replace(FIRST.targets[0], product_ids=("别的锅",)),))
    assert keys(RescoringCandidates((FIRST,))) == keys(RescoringCandidates((other,)))


def test_mentions_come_in_order_of_time_with_what_was_weighed() -> None:
    pieces = (RescoredWindow(FIRST.window, (4.0,)), RescoredWindow(SECOND.window, (-9.0,)))
    look = Rescore().join(pieces, RescoringCandidates((FIRST, SECOND)))
    assert look.rescored_windows == pieces
    assert [(mention.text, mention.span.start) for mention in look.mentions] == [("炊大皇", 11)]


def test_a_show_without_doubts_has_an_empty_second_look() -> None:
    assert Rescore().join((), RescoringCandidates(())) == RescoringResult()


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> SpeechAudio:
    show = recording(SHOW / "recording.flv")
    media = media_of(show)
    return ExtractSpeechAudio()(
        show, media, BuildTimeline()(media, PROBED), tmp_path_factory.mktemp("sound"), no_progress
    )


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(SHOW / "catalog.json", None).catalog


def look(audio: SpeechAudio, catalog: Catalog, *sentences: Sentence) -> RescoringResult:
    transcript = Transcript("zh", "speech", sentences)
    mentions: Mentions = LinkMentions()(transcript, catalog)
    doubts = FindRescoringWindows(max_windows_per_hour=200)(audio, transcript, mentions, catalog)
    assert doubts.candidates
    stage = Rescore()
    parts = plan_parts(stage, {"candidates": doubts})
    return stage.join(tuple(stage(audio, part) for part in parts), doubts)


@pytest.mark.slow
def test_a_name_that_was_misheard_is_found_where_it_was_said(audio: SpeechAudio, catalog: Catalog) -> None:
    """The show says 这个时候你就需要一瓶双抗精华,珀莱雅家的,三号链接 there."""
    (found,) = look(
        audio, catalog, Sentence.with_even_timing(Span(20.1, 24.5), "这个时候你就需要一瓶生汤精华")
    ).mentions
    assert (found.kind, found.product_ids, found.text) == ("name", ("730013",), "双抗精华")
    assert 21.5 < found.span.start < found.span.end <= 24.5


@pytest.mark.slow
def test_a_name_that_was_not_said_is_not_found_however_near_the_words_sound(
    audio: SpeechAudio, catalog: Catalog
) -> None:
    """The show says 里面是麦角硫因加虾青素,一个抗糖,一个抗氧化 there: no product's name."""
    heard = Sentence.with_even_timing(Span(24.9, 29.5), "里面是麦角硫因加虾青素,一个双抗糖,一个抗氧化,生汤京花")
    assert look(audio, catalog, heard).mentions == ()


@pytest.mark.slow
def test_a_name_is_not_heard_in_another_name(audio: SpeechAudio, catalog: Catalog) -> None:
    """The show says 飞利浦的啊,四号链接 there; 珀莱雅 must not be heard in it, though it is listened for."""
    heard = Sentence.with_even_timing(Span(70.3, 74.9), "坡来家的啊,四号链接,白色粉色都有,情侣一人一支")
    assert [mention.text for mention in look(audio, catalog, heard).mentions if "珀" in mention.text] == []
