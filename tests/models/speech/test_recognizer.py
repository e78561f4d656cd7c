"""The contract of every recogniser, run over Whisper and over one that is nothing like it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from domain.audio import SAMPLE_RATE_HZ, Samples
from domain.clock import Span
from domain.errors import SettingsError
from fixtures.tone_recognizer import tones, whistled
from models.speech.chunking import add_margins
from models.speech.plugin import is_plugin, load_plugin, plugin_digest
from models.speech.recognizer import Chunk, DecodedChunk, Recognizer

SHOW = Path(__file__).parents[3] / "fixtures" / "shows" / "zh-mini" / "recording.flv"


@dataclass(frozen=True)
class Subject:
    """A recogniser, audio with two stretches of speech, and characters that must be recognised in each."""

    recognizer: Recognizer
    sound: Samples
    said: tuple[str, str]


def whistler() -> Subject:
    return Subject(tones(), whistled("  双抗精华    三号链接  "), ("双抗", "三号"))


def whisper_itself() -> Subject:
    from faster_whisper import decode_audio

    from models.speech.whisper import WhisperSettings, load_whisper

    sound = np.asarray(decode_audio(str(SHOW), sampling_rate=SAMPLE_RATE_HZ)[: 45 * SAMPLE_RATE_HZ], dtype=np.float32)
    return Subject(load_whisper(WhisperSettings()), sound, ("关注", "谢谢"))


RECOGNIZERS = [
    pytest.param(whistler, id="whistled"),
    pytest.param(whisper_itself, id="whisper", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=RECOGNIZERS)
def subject(request: pytest.FixtureRequest) -> Subject:
    make: Callable[[], Subject] = request.param
    return make()


@pytest.fixture(scope="module")
def answers(subject: Subject) -> tuple[DecodedChunk, ...]:
    """What the subject hears in its chunks."""
    return tuple(subject.recognizer.decode(subject.sound, chunks_of(subject), "zh"))


def chunks_of(subject: Subject) -> tuple[Chunk, Chunk]:
    """The speech in two chunks, cut in the longest pause between stretches."""
    whole = Span(0.0, len(subject.sound) / SAMPLE_RATE_HZ)
    pieces = add_margins(subject.recognizer.speech_in(subject.sound), whole)
    at = max(range(1, len(pieces)), key=lambda i: pieces[i].start - pieces[i - 1].end)
    return Chunk(pieces[:at]), Chunk(pieces[at:])


def test_it_has_every_method(subject: Subject) -> None:
    assert isinstance(subject.recognizer, Recognizer)


def test_speech_is_found_in_order_and_inside_the_sound(subject: Subject) -> None:
    spans = subject.recognizer.speech_in(subject.sound)
    assert len(spans) >= 2
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert 0 <= spans[0].start < spans[-1].end <= len(subject.sound) / SAMPLE_RATE_HZ


@pytest.mark.parametrize("seconds", [0.0, 3.0])
def test_silence_holds_no_speech(subject: Subject, seconds: float) -> None:
    assert subject.recognizer.speech_in(np.zeros(round(seconds * SAMPLE_RATE_HZ), dtype=np.float32)) == ()


def test_every_chunk_has_its_answer_in_order(subject: Subject, answers: tuple[DecodedChunk, ...]) -> None:
    assert [each.chunk for each in answers] == list(chunks_of(subject))
    assert [said in each.text for each, said in zip(answers, subject.said, strict=True)] == [True, True]


def test_no_chunks_have_no_answers(subject: Subject) -> None:
    assert tuple(subject.recognizer.decode(subject.sound, (), "zh")) == ()


def test_words_rise_in_time_inside_the_pieces_of_their_chunk(answers: tuple[DecodedChunk, ...]) -> None:
    for heard in answers:
        assert heard.words
        assert all(a.start <= b.start for a, b in pairwise(heard.words))
        assert all(
            any(piece.start <= word.start <= word.end <= piece.end for piece in heard.chunk.pieces)
            for word in heard.words
        )


def test_the_same_sound_gives_the_same_answer(subject: Subject, answers: tuple[DecodedChunk, ...]) -> None:
    assert tuple(subject.recognizer.decode(subject.sound, chunks_of(subject), "zh")) == answers


def test_the_careful_way_hears_the_same_chunk(subject: Subject) -> None:
    chunk = chunks_of(subject)[0]
    heard = subject.recognizer.decode_carefully(subject.sound, chunk, "zh")
    assert heard.chunk == chunk
    assert subject.said[0] in heard.text


def test_a_gate_gets_what_it_judges_by(answers: tuple[DecodedChunk, ...]) -> None:
    for heard in answers:
        assert heard.tokens > 0
        assert heard.mean_logprob <= 0
        assert 0 <= heard.no_speech_chance <= 1


def test_the_language_is_heard(subject: Subject) -> None:
    assert subject.recognizer.language_of(subject.sound, chunks_of(subject)) == "zh"


@pytest.mark.parametrize(
    ("model", "is_one"),
    [("fixtures.tone_recognizer:tones", True), ("base", False), ("acme/whisper", False), ("/a/b:c", False)],
)
def test_a_recogniser_of_ones_own_is_given_from_weights_by_its_name(model: str, is_one: bool) -> None:
    assert is_plugin(model) == is_one


def test_a_recogniser_is_made_once_by_its_factory() -> None:
    assert load_plugin("fixtures.tone_recognizer:tones") is load_plugin("fixtures.tone_recognizer:tones")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("nowhere.asr:make", "cannot be used .*nowhere"),
        ("fixtures.tone_recognizer:make", "cannot be used .*make"),
        ("collections:OrderedDict", "lacks speech_in, language_of, decode, decode_carefully"),
    ],
)
def test_what_is_no_recogniser_is_refused_with_the_reason(place: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        load_plugin(place)


def test_its_module_is_in_the_key() -> None:
    assert plugin_digest("fixtures.tone_recognizer:tones") != plugin_digest("fixtures.media:tones")
    with pytest.raises(SettingsError, match="there is no module nowhere"):
        plugin_digest("nowhere.asr:make")


@pytest.mark.slow
def test_what_is_hard_to_hear_is_heard_the_same_however_much_was_heard_before() -> None:
    """Speech played backwards: Whisper is sure of nothing, and draws."""
    from models.speech.whisper import MIN_MEAN_LOGPROB

    whisper = whisper_itself()
    backwards = np.ascontiguousarray(whisper.sound[6 * SAMPLE_RATE_HZ : 11 * SAMPLE_RATE_HZ][::-1])
    first, again = (whisper.recognizer.decode_carefully(backwards, Chunk((Span(0, 5),)), "zh") for _ in range(2))
    assert first.mean_logprob < MIN_MEAN_LOGPROB
    assert again == first
