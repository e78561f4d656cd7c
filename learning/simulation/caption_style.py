"""How captions are written: in lower case, and in long cues whose characters have no times of their own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from domain.clock import Seconds, Span
from domain.speech import Sentence, Transcript
from models.speech.sentence_segmentation import segment_sentences, spread_evenly

LONG_CUE_S: Seconds = 30.0


def in_lower_case(transcript: Transcript) -> Transcript:
    """The same words without capitals. Letters whose lower case is longer stay."""
    return replace(
        transcript,
        sentences=tuple(
            replace(sentence, text="".join(map(_lower_character, sentence.text))) for sentence in transcript.sentences
        ),
    )


def _lower_character(character: str) -> str:
    return lowered if len(lowered := character.lower()) == 1 else character


def in_long_cues(transcript: Transcript) -> Transcript:
    """The transcript as it is imported from captions of about LONG_CUE_S each."""
    separator = " " if transcript.language == "en" else ""
    sentences = [
        sentence
        for cue in _group_into_cues(transcript.sentences)
        for sentence in segment_sentences(
            spread_evenly(
                Span(cue[0].start, cue[-1].end),
                separator.join(sentence.text for sentence in cue),
                is_reliable=cue[0].is_reliable,
            )
        )
    ]
    return replace(transcript, sentences=tuple(sentences))


def _group_into_cues(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Runs of sentences of one reliability, none longer than LONG_CUE_S but those of one sentence."""
    cue: list[Sentence] = []
    for sentence in sentences:
        if cue and (sentence.end - cue[0].start > LONG_CUE_S or sentence.is_reliable != cue[0].is_reliable):
            yield cue
            cue = []
        cue.append(sentence)
    if cue:
        yield cue
