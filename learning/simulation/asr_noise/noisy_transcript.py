"""The transcript that a recogniser would make of spoken utterances."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.speech import Transcript
from learning.simulation.asr_noise.error_model import AsrErrorModel, ConfusionModel
from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.asr_noise.spoken_units import SpokenUnit, split_into_units
from learning.simulation.scripts.speech_timing import TimedUtterance
from models.speech.sentence_segmentation import TimedCharacter, segment_sentences

BEATS_PER_PAUSE = {"zh": (2.0, 3.8), "en": (3.0, 5.2)}  # of fast and of slow hosts
INTELLIGIBILITY_LOG_STD = 0.35  # of the logarithm of an utterance's error factor
PAUSE_LOG_STD = 0.2  # of the logarithm of a pause's length
MAX_DROPPED_UTTERANCE_S: Seconds = 2.0  # only short utterances are missing as a whole
UNINTELLIGIBLE_DURATION_S: tuple[Seconds, Seconds] = (5.0, 25.0)
UNTRANSCRIBED_SHARE = 0.3  # of the unintelligible stretches
UNRELIABLE_SHARE = 0.8  # of the rest: marked as unreliable
UNINTELLIGIBLE_ERROR_FACTOR = 2.5  # relative to the usual errors
HALLUCINATED_TEXTS = {
    "zh": ("请不吝点赞订阅转发", "字幕由志愿者提供", "谢谢观看", "优优独播剧场"),
    "en": ("Thanks for watching.", "Subtitles by the community.", "Please subscribe to my channel."),
}
HALLUCINATION_PROBABILITY = 0.4  # of an untranscribed stretch


@dataclass(frozen=True, slots=True)
class UnintelligibleSpan:
    """A stretch that is hardly understood: not transcribed, or with many errors that may be marked as unreliable."""

    span: Span
    is_transcribed: bool
    is_reliable: bool


def simulate_transcript(
    utterances: Sequence[TimedUtterance],
    profile: NoiseProfile,
    confusion_model: ConfusionModel,
    rng: np.random.Generator,
) -> Transcript:
    """The transcript of a show by a recogniser of `profile`."""
    beats_per_pause = float(rng.uniform(*BEATS_PER_PAUSE[profile.language]))
    pause_beats = beats_per_pause * np.exp(rng.normal(0.0, PAUSE_LOG_STD, len(utterances)))
    units_by_utterance = [
        split_into_units(each, profile.language, beats)
        for each, beats in zip(utterances, pause_beats.tolist(), strict=True)
    ]
    error_model = AsrErrorModel.for_show(profile, confusion_model, units_by_utterance, rng)
    unintelligible_spans = _unintelligible_spans(utterances[-1].span.end if utterances else 0.0, profile, rng)
    characters = _noisy_characters(units_by_utterance, error_model, unintelligible_spans, rng)
    untranscribed_spans = tuple(each.span for each in unintelligible_spans if not each.is_transcribed)
    return Transcript(profile.language, profile.source, segment_sentences(characters), untranscribed_spans)


def _unintelligible_spans(
    duration: Seconds, profile: NoiseProfile, rng: np.random.Generator
) -> tuple[UnintelligibleSpan, ...]:
    count = int(rng.poisson(profile.unintelligible_per_min * duration / 60))
    starts = sorted(rng.uniform(0, duration, count).tolist())
    lengths = rng.uniform(*UNINTELLIGIBLE_DURATION_S, count).tolist()
    chances = rng.random((count, 2)).tolist()
    return tuple(
        UnintelligibleSpan(
            Span(start, start + length),
            is_transcribed=transcribed_draw >= UNTRANSCRIBED_SHARE,
            is_reliable=reliable_draw >= UNRELIABLE_SHARE,
        )
        for start, length, (transcribed_draw, reliable_draw) in zip(starts, lengths, chances, strict=True)
    )


def _noisy_characters(
    units_by_utterance: Sequence[Sequence[SpokenUnit]],
    error_model: AsrErrorModel,
    unintelligible_spans: Sequence[UnintelligibleSpan],
    rng: np.random.Generator,
) -> Iterator[TimedCharacter]:
    """The characters of the show by time. None starts before the one before it."""
    profile, count = error_model.profile, len(units_by_utterance)
    time_shifts = rng.normal(0.0, profile.timestamp_jitter, count).tolist()
    draws = rng.random((count, 2)).tolist()
    error_factors = np.exp(rng.normal(-(INTELLIGIBILITY_LOG_STD**2) / 2, INTELLIGIBILITY_LOG_STD, count)).tolist()
    hallucinated_spans: set[Span] = set()
    last_start = 0.0
    for i, units in enumerate(units_by_utterance):
        loss_draw, punctuation_draw = draws[i]
        if not units or (_is_short(units) and loss_draw < profile.dropped_utterance_share):
            continue
        unintelligible = next((each for each in unintelligible_spans if each.span.contains(units[0].start)), None)
        if unintelligible and not unintelligible.is_transcribed:
            if unintelligible.span not in hallucinated_spans and loss_draw < HALLUCINATION_PROBABILITY:
                time, fraction = max(last_start, units[0].start), loss_draw / HALLUCINATION_PROBABILITY
                last_start = yield from _hallucination(profile, time, fraction)
            hallucinated_spans.add(unintelligible.span)
            continue
        error_factor = error_factors[i] * (UNINTELLIGIBLE_ERROR_FACTOR if unintelligible else 1.0)
        is_reliable = unintelligible is None or unintelligible.is_reliable
        style = TranscriptionStyle(profile, time_shifts[i], punctuation_draw, is_reliable)
        misheard_units = error_model.apply_errors(i, units, error_factor, rng)
        last_start = yield from _transcribe_units(misheard_units, style, last_start)


def _is_short(units: Sequence[SpokenUnit]) -> bool:
    return units[-1].end - units[0].start <= MAX_DROPPED_UTTERANCE_S


@dataclass(frozen=True, slots=True)
class TranscriptionStyle:
    """How one utterance is written. `time_shift`: of its times; `punctuation_draw`: in [0, 1), decides over
    punctuation.
    """

    profile: NoiseProfile
    time_shift: Seconds
    punctuation_draw: float
    is_reliable: bool


def _hallucination(profile: NoiseProfile, time: Seconds, fraction: float) -> Generator[TimedCharacter, None, Seconds]:
    texts = HALLUCINATED_TEXTS[profile.language]
    for character in texts[int(fraction * len(texts))]:
        yield TimedCharacter(character, time, time, is_reliable=False)
    return time


def _transcribe_units(
    misheard_units: Iterator[SpokenUnit], style: TranscriptionStyle, last_start: Seconds
) -> Generator[TimedCharacter, None, Seconds]:
    """The characters of one utterance, none before `last_start`. Returns the start of the last one."""
    separator = " " if style.profile.language == "en" else ""
    punctuation_draw, is_reliable = style.punctuation_draw, style.is_reliable
    end = last_start
    is_punctuated = True
    for unit in misheard_units:
        if unit.kind == "stop":
            punctuation_draw = (punctuation_draw * 7.0) % 1.0  # one draw serves all stops of an utterance
            if punctuation_draw < style.profile.punctuated_share and not is_punctuated:
                is_punctuated = True
                last_start = max(last_start, end)
                yield TimedCharacter(
                    _punctuation(unit, style.profile, punctuation_draw), last_start, last_start, is_reliable
                )
            continue
        is_punctuated = False
        text = separator + unit.text
        start = unit.start + style.time_shift
        step = max(0.0, unit.end - unit.start) / len(text)
        for i, character in enumerate(text):
            last_start = max(last_start, start + i * step)
            end = max(last_start, start + (i + 1) * step)
            yield TimedCharacter(character, last_start, end, is_reliable)
    return last_start


def _punctuation(pause: SpokenUnit, profile: NoiseProfile, fraction: float) -> str:
    is_sentence_end = pause.ends_sentence and fraction < 0.7 * profile.punctuated_share  # recognisers join sentences
    if profile.language == "zh":
        return "。" if is_sentence_end else ","
    return "." if is_sentence_end else ","
