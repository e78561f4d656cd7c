"""How much of a show's speech was recognised, for report.json."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.clock import Span
from domain.speech import Transcript

MAX_LISTED = 100  # of unrecognised stretches: music under a long show leaves thousands
MAX_UNHEARD_SHARE = 0.5  # of the voice; above it the show's highlights cannot be relied on
MIN_VOICED_SHARE = 0.1  # of the sound: hosts speak most of the time; below it music hides the voice from the detector
MIN_CHECKED_MINUTES = 1.0  # of sound: a clip may have no voice
ADVICE = "give captions, or try a larger model (docs/operations.md, Speech weights)"


@dataclass(frozen=True, slots=True)
class SpeechReport:
    """How much of the voice was recognised. Null where captions were given.

    `voiced_minutes` have a voice, as far as the detector can tell it from music. `unheard_minutes` of them have no
    text, or text too doubtful to count. `unheard` are the first hundred of these stretches, in seconds of the replay.
    Text that is wrong but seems certain counts as recognised.
    """

    voiced_minutes: float
    unheard_minutes: float
    unheard: tuple[Span, ...] = ()


def build_speech_report(transcript: Transcript) -> SpeechReport | None:
    """What became of the show's speech; None where it was given as captions."""
    if transcript.source == "captions":
        return None
    unreliable = [sentence.span for sentence in transcript.sentences if not sentence.is_reliable]
    unheard = _merge([*transcript.unheard, *unreliable])
    voiced = _merge([*transcript.unheard, *(sentence.span for sentence in transcript.sentences)])
    return SpeechReport(_minutes(voiced), _minutes(unheard), unheard[:MAX_LISTED])


def speech_warnings(speech: SpeechReport | None, sound_minutes: float) -> tuple[str, ...]:
    """A warning, with what to do, where most of the voice was not recognised, or hardly any voice was found.

    `sound_minutes`: the length of the show, 0 where it is silent.
    """
    if speech is None:
        return ()
    if speech.unheard_minutes > MAX_UNHEARD_SHARE * speech.voiced_minutes:
        what = f"{speech.unheard_minutes:.1f} of {speech.voiced_minutes:.1f} minutes of speech were not recognised"
    elif sound_minutes >= MIN_CHECKED_MINUTES and speech.voiced_minutes < MIN_VOICED_SHARE * sound_minutes:
        what = f"a voice was found in only {speech.voiced_minutes:.1f} of {sound_minutes:.1f} minutes of sound"
    else:
        return ()
    return (f"{what}, so that most highlights are missing: {ADVICE}",)


def _merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap or touch as one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _minutes(spans: Iterable[Span]) -> float:
    return round(sum(span.duration for span in spans) / 60, 3)
