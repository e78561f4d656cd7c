"""Cuts timed words into sentences: at pauses, at strong marks, and before they get too long."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from domain.clock import Seconds, Span
from domain.session import Language
from domain.speech import Sentence
from models.speech.recognizer import Word
from models.text.normalization import normalize_text

MIN_PAUSE_S: Seconds = 0.35  # a breath between clauses; pauses inside a clause are shorter
MAX_SENTENCE_S: Seconds = 6.0  # a subtitle's usual limit, and fine enough to place the start of an explanation
SENTENCE_ENDS = frozenset("。！？!?；;…")
CLAUSE_BREAKS = frozenset(",，、:：")


@dataclass(frozen=True, slots=True)
class TimedCharacter:
    """One character of text and when it was said."""

    text: str
    start: Seconds
    end: Seconds
    is_reliable: bool = True


def timed_characters(
    words: Iterable[Word], language: Language, *, is_reliable: bool = True
) -> Iterator[TimedCharacter]:
    """Every character of `words`, normalised; those of a longer word share its time evenly, marks take none."""
    for word in words:
        text = normalize_text(word.text, language)
        spoken_count = max(1, sum(map(_is_spoken, text)))
        step = (word.end - word.start) / spoken_count
        time = word.start
        for character in text:
            end = time + step if _is_spoken(character) else time
            yield TimedCharacter(character, time, end, is_reliable)
            time = end


def spread_evenly(span: Span, text: str, *, is_reliable: bool = True) -> Iterator[TimedCharacter]:
    """The characters of `text` spread evenly over `span`, for captions without finer times."""
    step = span.duration / max(1, len(text))
    for i, character in enumerate(text):
        yield TimedCharacter(character, span.start + i * step, span.start + (i + 1) * step, is_reliable)


def snap_to_speech(timed: Iterable[TimedCharacter], speech: Sequence[Span]) -> Iterator[TimedCharacter]:
    """The characters moved into the stretch of `speech` that each overlaps most, so that pauses become gaps."""
    previous_start = 0.0
    span_index = 0
    for character in timed:
        while span_index + 1 < len(speech) and _overlap_s(character, speech[span_index + 1]) > _overlap_s(
            character, speech[span_index]
        ):
            span_index += 1
        target = Span(character.start, max(character.start, character.end)).clipped_to(speech[span_index])
        start = max(previous_start, target.start)
        yield replace(character, start=start, end=max(start, target.end))
        previous_start = start


def _overlap_s(character: TimedCharacter, span: Span) -> float:
    """Seconds in common; below 0, the distance."""
    return min(character.end, span.end) - max(character.start, span.start)


def segment_sentences(timed: Iterable[TimedCharacter]) -> tuple[Sentence, ...]:
    """The characters, in order of time, in sentences. Blanks at the ends of a sentence are dropped."""
    runs: list[list[TimedCharacter]] = [[]]
    for character in timed:
        if runs[-1] and _is_cut(runs[-1], character):
            runs += _split_long(runs.pop())
            runs.append([])
        runs[-1].append(character)
    runs += _split_long(runs.pop())
    return tuple(sentence for run in runs for sentence in _build_sentence(run))


def _is_cut(run: Sequence[TimedCharacter], following: TimedCharacter) -> bool:
    last = run[-1]
    if following.is_reliable != last.is_reliable or following.start - last.end >= MIN_PAUSE_S:
        return True
    return not _is_punctuation(following.text) and _is_sentence_end(run, following)


def _is_sentence_end(run: Sequence[TimedCharacter], following: TimedCharacter) -> bool:
    """Whether the run's last mark ends a sentence. A dot does before a blank: 24.50 goes on."""
    last = run[-1].text
    return last in SENTENCE_ENDS or (last == "." and not following.text.isalnum())


def _split_long(run: list[TimedCharacter]) -> list[list[TimedCharacter]]:
    """The run in pieces of at most MAX_SENTENCE_S, each cut where it is best near the middle."""
    if len(run) < 2 or run[-1].end - run[0].start <= MAX_SENTENCE_S:
        return [run]
    cut_index = max(range(1, len(run)), key=lambda i: _cut_score(run, i))
    return [*_split_long(run[:cut_index]), *_split_long(run[cut_index:])]


def _cut_score(run: Sequence[TimedCharacter], cut_index: int) -> float:
    """How good it is to cut before `cut_index`: after a comma, at a pause, not inside a word, near the middle."""
    last, following = run[cut_index - 1], run[cut_index]
    imbalance = abs(following.start - (run[0].start + run[-1].end) / 2) / MAX_SENTENCE_S
    is_inside_word = (
        last.text.isascii() and last.text.isalnum() and following.text.isascii() and following.text.isalnum()
    )
    comma = 1.0 if last.text in CLAUSE_BREAKS else 0.0
    mark = -4.0 if _is_punctuation(following.text) else 0.0
    return comma + 2 * (following.start - last.end) - imbalance - (4.0 if is_inside_word else 0.0) + mark


def _build_sentence(run: list[TimedCharacter]) -> Iterator[Sentence]:
    first = next((i for i, c in enumerate(run) if not c.text.isspace()), len(run))
    last = next((i for i in range(len(run), 0, -1) if not run[i - 1].text.isspace()), 0)
    kept = run[first:last]
    if any(_is_spoken(c.text) for c in kept):
        starts = tuple(c.start for c in kept)
        end = max(starts[-1], *(c.end for c in kept), starts[0])
        yield Sentence(starts[0], end, "".join(c.text for c in kept), starts, kept[0].is_reliable)


def _is_spoken(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] == "P"
