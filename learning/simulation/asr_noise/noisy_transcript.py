"""From what was spoken to the transcript that a recogniser would have made of it."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from domain.clock import Seconds, Span
from domain.speech import Transcript
from learning.simulation.asr_noise.error_model import Ear, Mishearing
from learning.simulation.asr_noise.noise_profiles import Channel
from learning.simulation.asr_noise.spoken_units import Sound, sounds_of
from learning.simulation.scripts.speech_timing import Spoken
from models.speech.sentence_segmentation import TimedCharacter, sentences

BEATS_A_STOP = {"zh": (2.0, 3.8), "en": (3.0, 5.2)}  # of a host who hurries, of one who takes his time
UNEVEN = 0.35  # standard deviation of the logarithm of how well an utterance is heard
UNEVEN_STOPS = 0.2  # standard deviation of the logarithm of their length, from utterance to utterance
SHORT: Seconds = 2.0  # utterances that go missing whole are short
BLURRED: tuple[Seconds, Seconds] = (5.0, 25.0)
UNHEARD_SHARE = 0.3  # of the blurred stretches: nothing is made out of them
DOUBTED_SHARE = 0.8  # of the rest: the recogniser itself says that it doubts them
BLURRED_ERRORS = 2.5  # times the usual errors
NOT_SAID = {
    "zh": ("请不吝点赞订阅转发", "字幕由志愿者提供", "谢谢观看", "优优独播剧场"),
    "en": ("Thanks for watching.", "Subtitles by the community.", "Please subscribe to my channel."),
}
NOT_SAID_CHANCE = 0.4  # of an unheard stretch: a text that nobody said stands there, doubted


@dataclass(frozen=True, slots=True)
class Blur:
    """A stretch that is hardly understood: not at all, or with many errors, which may be marked as doubtful."""

    span: Span
    is_heard: bool
    is_reliable: bool


def hear(spoken: Sequence[Spoken], channel: Channel, ear: Ear, rng: np.random.Generator) -> Transcript:
    """What a recogniser of the kind of `channel` makes of a show."""
    beats_a_stop = float(rng.uniform(*BEATS_A_STOP[channel.language]))
    stops = beats_a_stop * np.exp(rng.normal(0.0, UNEVEN_STOPS, len(spoken)))
    said = [sounds_of(each, channel.language, beats) for each, beats in zip(spoken, stops.tolist(), strict=True)]
    mishearing = Mishearing.of(channel, ear, said, rng)
    blurs = _blurs(spoken[-1].span.end if spoken else 0.0, channel, rng)
    characters = _heard(said, mishearing, blurs, rng)
    unheard = tuple(blur.span for blur in blurs if not blur.is_heard)
    return Transcript(channel.language, channel.source, sentences(characters), unheard)


def _blurs(duration: Seconds, channel: Channel, rng: np.random.Generator) -> tuple[Blur, ...]:
    count = int(rng.poisson(channel.blurred_per_min * duration / 60))
    starts = sorted(rng.uniform(0, duration, count).tolist())
    lengths = rng.uniform(*BLURRED, count).tolist()
    chances = rng.random((count, 2)).tolist()
    return tuple(
        Blur(Span(start, start + length), is_heard=heard >= UNHEARD_SHARE, is_reliable=doubted >= DOUBTED_SHARE)
        for start, length, (heard, doubted) in zip(starts, lengths, chances, strict=True)
    )


def _heard(
    said: Sequence[Sequence[Sound]], mishearing: Mishearing, blurs: Sequence[Blur], rng: np.random.Generator
) -> Iterator[TimedCharacter]:
    """The characters of the show in order of time; none starts before the one before it."""
    channel = mishearing.channel
    shifts = rng.normal(0.0, channel.jitter, len(said)).tolist()
    chances = rng.random((len(said), 2)).tolist()
    told: set[Span] = set()
    quality = np.exp(rng.normal(-(UNEVEN**2) / 2, UNEVEN, len(said))).tolist()
    latest = 0.0
    for number, (sounds, shift, (loss, marks)) in enumerate(zip(said, shifts, chances, strict=True)):
        if not sounds or (sounds[-1].end - sounds[0].start <= SHORT and loss < channel.lost):
            continue
        blur = next((blur for blur in blurs if blur.span.holds(sounds[0].start)), None)
        if blur and not blur.is_heard:
            if blur.span not in told and loss < NOT_SAID_CHANCE:
                latest = yield from _not_said(channel, max(latest, sounds[0].start), loss / NOT_SAID_CHANCE)
            told.add(blur.span)
            continue
        heard = mishearing.heard(number, sounds, quality[number] * (BLURRED_ERRORS if blur else 1.0), rng)
        manner = Manner(channel, shift, marks, blur.is_reliable if blur else True)
        latest = yield from _written(heard, manner, latest)


@dataclass(frozen=True, slots=True)
class Manner:
    """How one utterance is written down. `shift`: of its times, seconds; `share`: in [0, 1), decides over marks."""

    channel: Channel
    shift: Seconds
    share: float
    is_reliable: bool


def _not_said(channel: Channel, time: Seconds, share: float) -> Generator[TimedCharacter, None, Seconds]:
    texts = NOT_SAID[channel.language]
    for character in texts[int(share * len(texts))]:
        yield TimedCharacter(character, time, time, is_reliable=False)
    return time


def _written(heard: Iterator[Sound], manner: Manner, latest: Seconds) -> Generator[TimedCharacter, None, Seconds]:
    """The characters of one utterance, none before `latest`; returns when the last one starts."""
    blank = " " if manner.channel.language == "en" else ""
    share, is_reliable = manner.share, manner.is_reliable
    end = latest
    is_marked = True
    for sound in heard:
        if sound.kind == "stop":
            share = (share * 7.0) % 1.0  # one draw serves an utterance's marks
            if share < manner.channel.marked and not is_marked:
                is_marked = True
                latest = max(latest, end)
                yield TimedCharacter(_mark(sound, manner.channel, share), latest, latest, is_reliable)
            continue
        is_marked = False
        text = blank + sound.text
        start = sound.start + manner.shift
        step = max(0.0, sound.end - sound.start) / len(text)
        for i, character in enumerate(text):
            latest = max(latest, start + i * step)
            end = max(latest, start + (i + 1) * step)
            yield TimedCharacter(character, latest, end, is_reliable)
    return latest


def _mark(stop: Sound, channel: Channel, share: float) -> str:
    is_end = stop.is_strong and share < 0.7 * channel.marked  # recognisers run sentences together
    if channel.language == "zh":
        return "。" if is_end else ","
    return "." if is_end else ","
