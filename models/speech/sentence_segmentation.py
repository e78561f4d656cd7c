"""Timed words to sentences: cut at pauses, at strong marks, and before they get long."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.clock import Seconds, Span
from domain.session import Language
from domain.speech import Sentence
from models.speech.recognizer import Word
from models.text.normalization import one_script

PAUSE: Seconds = 0.35  # a breath between clauses; hosts' stops inside a clause are shorter
LONGEST: Seconds = 6.0  # a subtitle's usual limit, and fine enough to place the start of an explanation
STRONG = frozenset("。！？!?；;…")
WEAK = frozenset(",，、:：")


@dataclass(frozen=True, slots=True)
class TimedCharacter:
    """One character of text and when it was said."""

    text: str
    start: Seconds
    end: Seconds
    is_reliable: bool = True


def characters(words: Iterable[Word], language: Language, *, is_reliable: bool = True) -> Iterator[TimedCharacter]:
    """Every character of `words` in one script; those of a longer word share its time evenly, marks take none."""
    for word in words:
        text = one_script(word.text, language)
        spoken = max(1, sum(map(_is_spoken, text)))
        step = (word.end - word.start) / spoken
        time = word.start
        for character in text:
            end = time + step if _is_spoken(character) else time
            yield TimedCharacter(character, time, end, is_reliable)
            time = end


def spread(span: Span, text: str, *, is_reliable: bool = True) -> Iterator[TimedCharacter]:
    """The characters of `text` spread evenly over `span`: all that captions without finer times can tell."""
    step = span.duration / max(1, len(text))
    for i, character in enumerate(text):
        yield TimedCharacter(character, span.start + i * step, span.start + (i + 1) * step, is_reliable)


def in_speech(timed: Iterable[TimedCharacter], speech: Sequence[Span]) -> Iterator[TimedCharacter]:
    """The characters moved into the stretch of `speech` that each shares most with, so that pauses show as gaps."""
    latest = 0.0
    at = 0
    for character in timed:
        while at + 1 < len(speech) and _shared(character, speech[at + 1]) > _shared(character, speech[at]):
            at += 1
        home = Span(character.start, max(character.start, character.end)).within(speech[at])
        start = max(latest, home.start)
        yield replace(character, start=start, end=max(start, home.end))
        latest = start


def _shared(character: TimedCharacter, span: Span) -> float:
    """Seconds in common; below 0 the distance."""
    return min(character.end, span.end) - max(character.start, span.start)


def sentences(timed: Iterable[TimedCharacter]) -> tuple[Sentence, ...]:
    """The characters, in order of time, in sentences. Blanks at the ends of a sentence are dropped."""
    runs: list[list[TimedCharacter]] = [[]]
    for character in timed:
        if runs[-1] and _is_cut(runs[-1], character):
            runs += _halved(runs.pop())
            runs.append([])
        runs[-1].append(character)
    runs += _halved(runs.pop())
    return tuple(sentence for run in runs for sentence in _sentence(run))


def _is_cut(run: Sequence[TimedCharacter], following: TimedCharacter) -> bool:
    last = run[-1]
    if following.is_reliable != last.is_reliable or following.start - last.end >= PAUSE:
        return True
    return not _is_mark(following.text) and _ends(run, following)


def _ends(run: Sequence[TimedCharacter], following: TimedCharacter) -> bool:
    """Whether the run's last mark ends a sentence. A dot does before a blank: 24.50 goes on."""
    last = run[-1].text
    return last in STRONG or (last == "." and not following.text.isalnum())


def _halved(run: list[TimedCharacter]) -> list[list[TimedCharacter]]:
    """The run, cut into pieces of at most LONGEST seconds, each cut the best that its middle offers."""
    if len(run) < 2 or run[-1].end - run[0].start <= LONGEST:
        return [run]
    at = max(range(1, len(run)), key=lambda i: _merit(run, i))
    return [*_halved(run[:at]), *_halved(run[at:])]


def _merit(run: Sequence[TimedCharacter], at: int) -> float:
    """How good it is to cut before `at`: after a comma, at a pause, not inside a word, near the middle."""
    last, following = run[at - 1], run[at]
    lopsided = abs(following.start - (run[0].start + run[-1].end) / 2) / LONGEST
    is_inside_word = (
        last.text.isascii() and last.text.isalnum() and following.text.isascii() and following.text.isalnum()
    )
    comma = 1.0 if last.text in WEAK else 0.0
    mark = -4.0 if _is_mark(following.text) else 0.0
    return comma + 2 * (following.start - last.end) - lopsided - (4.0 if is_inside_word else 0.0) + mark


def _sentence(run: list[TimedCharacter]) -> Iterator[Sentence]:
    first = next((i for i, c in enumerate(run) if not c.text.isspace()), len(run))
    last = next((i for i in range(len(run), 0, -1) if not run[i - 1].text.isspace()), 0)
    kept = run[first:last]
    if any(_is_spoken(c.text) for c in kept):
        starts = tuple(c.start for c in kept)
        end = max(starts[-1], *(c.end for c in kept), starts[0])
        yield Sentence(starts[0], end, "".join(c.text for c in kept), starts, kept[0].is_reliable)


def _is_spoken(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "P"
