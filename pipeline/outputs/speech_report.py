"""How much of a show's speech was recognised, for report.json."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.clock import Span
from domain.speech import Transcript

MAX_LISTED = 100  # of unrecognised stretches: music under a long show leaves thousands
MAX_UNHEARD_SHARE = 0.5  # of the voice; above it the show's highlights cannot be relied on
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


def speech_warnings(speech: SpeechReport | None) -> tuple[str, ...]:
    """A warning, with what to do, where most of the voice was not recognised."""
    if speech is None or speech.unheard_minutes <= MAX_UNHEARD_SHARE * speech.voiced_minutes:
        return ()
    what = f"{speech.unheard_minutes:.1f} of {speech.voiced_minutes:.1f} minutes of speech were not recognised"
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
