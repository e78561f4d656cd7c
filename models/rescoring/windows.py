"""Rescoring windows: the sentences that are compared together, and the hypotheses for their text."""

from collections.abc import Sequence

from domain.clock import Seconds, Span
from domain.rescoring import Hypothesis, RescoringCandidate, RescoringWindow
from domain.speech import Sentence, Transcript
from models.rescoring.name_candidates import NameCandidate

MAX_WINDOW_S: Seconds = 4.5  # a sentence and its neighbours; devset: 7 s cost half as much again and decide no better
MAX_PAUSE_S: Seconds = 1.5  # between sentences of one window
WINDOW_MARGIN_S: Seconds = 0.3  # of audio around the words
MAX_HYPOTHESES = 2  # of a window: each costs as much as a third of recognising it
MAX_HOTWORDS = 6  # that a recogniser is given: with more of them it invents some


def window_around(sentences: Sequence[Sentence], sentence_index: int) -> range:
    """The sentences that are compared together with this one: as many around it as MAX_WINDOW_S holds."""
    first, last = sentence_index, sentence_index
    while True:
        has_before = first > 0 and sentences[first].start - sentences[first - 1].end <= MAX_PAUSE_S
        has_after = last + 1 < len(sentences) and sentences[last + 1].start - sentences[last].end <= MAX_PAUSE_S
        can_before = has_before and sentences[last].end - sentences[first - 1].start <= MAX_WINDOW_S
        can_after = has_after and sentences[last + 1].end - sentences[first].start <= MAX_WINDOW_S
        seconds_before = sentences[sentence_index].start - sentences[first].start
        seconds_after = sentences[last].end - sentences[sentence_index].end
        if can_after and (seconds_before > seconds_after or not can_before):
            last += 1
        elif can_before:
            first -= 1
        else:
            return range(first, last + 1)


def build_rescoring_candidate(
    transcript: Transcript, sentence_range: range, candidates: Sequence[NameCandidate]
) -> RescoringCandidate:
    """The window of `sentence_range` with the best of `candidates`, which are in it and ranked, as hypotheses."""
    sentences = transcript.sentences[sentence_range.start : sentence_range.stop]
    separator = "" if transcript.language == "zh" else " "
    offsets = [sum(len(each.text) + len(separator) for each in sentences[:i]) for i in range(len(sentences))]
    best_by_name: dict[str, NameCandidate] = {}
    for candidate in candidates:
        best_by_name.setdefault(candidate.name, candidate)
    chosen = list(best_by_name.values())[:MAX_HYPOTHESES]
    hypotheses = []
    for each in chosen:
        offset = offsets[each.sentence_index - sentence_range.start]
        hypotheses.append(Hypothesis(each.name, offset + each.start, offset + each.end))
    window = RescoringWindow(
        Span(max(0.0, sentences[0].start - WINDOW_MARGIN_S), sentences[-1].end + WINDOW_MARGIN_S),
        transcript.language,
        separator.join(each.text for each in sentences),
        tuple(hypotheses),
        tuple(best_by_name)[:MAX_HOTWORDS],
    )
    return RescoringCandidate(window, tuple(each.target for each in chosen))
