"""Rescoring: what is computed again, and what the real Whisper accepts in a real show."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.audio import SpeechAudio
from domain.catalog import Catalog
from domain.clock import Span
from domain.evidence import LinkedMentions, Mention, Mentions
from domain.progress import no_progress
from domain.rescoring import (
    Hypothesis,
    HypothesisTarget,
    RescoredWindow,
    RescoringCandidate,
    RescoringCandidates,
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


def candidate(start: float, text: str, name: str, recognised: str) -> RescoringCandidate:
    first = text.index(recognised)
    hypothesis = Hypothesis(name, first, first + len(recognised))
    window = RescoringWindow(Span(start, start + 4), "zh", text, (hypothesis,), (name,))
    return RescoringCandidate(window, (HypothesisTarget("name", (name,), Span(start + 1, start + 2), 0),))


FIRST = candidate(10, "吹大火的", "炊大皇", "吹大火")
SECOND = candidate(50, "平体锅", "平底锅", "平体锅")


def part_keys(*candidates: RescoringCandidate) -> list[str]:
    stage = Rescore()
    parts = plan_parts(stage, {"candidates": RescoringCandidates(candidates)})
    return [artefact_key(stage, "part", {"audio": "aa"}, part) for part in parts]


def test_a_window_is_rescored_again_only_when_its_own_names_change() -> None:
    renamed = replace(SECOND, window=replace(SECOND.window, hotwords=("平底锅", "煎锅")))
    before, after = part_keys(FIRST, SECOND), part_keys(FIRST, renamed)
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_which_product_a_name_stands_for_does_not_count_for_the_audio() -> None:
    other = replace(FIRST, targets=(replace(FIRST.targets[0], product_ids=("别的锅",)),))
    assert part_keys(FIRST) == part_keys(other)


def linked(*starts: float) -> LinkedMentions:
    return LinkedMentions(tuple(Mention("name", ("锅",), Span(start, start + 1), 0, "锅", 3.0) for start in starts))


def test_accepted_names_are_among_the_mentions_by_time() -> None:
    pieces = (RescoredWindow(FIRST.window, (4.0,)), RescoredWindow(SECOND.window, (-9.0,)))
    mentions = Rescore().join(pieces, RescoringCandidates((FIRST, SECOND)), linked(2, 11, 60)).mentions
    assert [(mention.text, mention.span.start) for mention in mentions] == [
        ("锅", 2), ("锅", 11), ("炊大皇", 11), ("锅", 60),
    ]  # fmt: skip


def test_a_show_without_windows_keeps_its_first_mentions() -> None:
    assert Rescore().join((), RescoringCandidates(()), linked(2, 60)) == Mentions(linked(2, 60).mentions)


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


def accepted(audio: SpeechAudio, catalog: Catalog, *sentences: Sentence) -> tuple[Mention, ...]:
    """The mentions that rescoring adds."""
    transcript = Transcript("zh", "speech", sentences)
    candidates = FindRescoringWindows(200)(audio, transcript, LinkMentions()(transcript, catalog), catalog)
    assert candidates.candidates
    stage = Rescore()
    parts = plan_parts(stage, {"candidates": candidates})
    pieces = tuple(stage(audio, part) for part in parts)
    return stage.join(pieces, candidates, LinkedMentions(())).mentions


@pytest.mark.slow
@pytest.mark.media
def test_a_name_that_was_misheard_is_found_where_it_was_said(audio: SpeechAudio, catalog: Catalog) -> None:
    """The show says 这个时候你就需要一瓶双抗精华,珀莱雅家的,三号链接 there."""
    misheard = Sentence.with_even_timing(Span(20.1, 24.5), "这个时候你就需要一瓶生汤精华")
    (mention,) = accepted(audio, catalog, misheard)
    assert (mention.kind, mention.product_ids, mention.text) == ("name", ("730013",), "双抗精华")
    assert 21.5 < mention.span.start < mention.span.end <= 24.5


@pytest.mark.slow
@pytest.mark.media
def test_a_name_that_was_not_said_is_not_found_however_near_the_words_sound(
    audio: SpeechAudio, catalog: Catalog
) -> None:
    """The show says 里面是麦角硫因加虾青素,一个抗糖,一个抗氧化 there: no product's name."""
    recognised = Sentence.with_even_timing(Span(24.9, 29.5), "里面是麦角硫因加虾青素,一个双抗糖,一个抗氧化,生汤京花")
    assert accepted(audio, catalog, recognised) == ()


@pytest.mark.slow
@pytest.mark.media
def test_a_name_is_not_accepted_in_place_of_another_name(audio: SpeechAudio, catalog: Catalog) -> None:
    """The show says 飞利浦的啊,四号链接 there; 珀莱雅 must not be accepted for it, though it is a hotword."""
    recognised = Sentence.with_even_timing(Span(70.3, 74.9), "坡来家的啊,四号链接,白色粉色都有,情侣一人一支")
    assert [mention.text for mention in accepted(audio, catalog, recognised) if "珀" in mention.text] == []
