"""From sound to sentences: decode fast, look for what was left out or looks wrong, and decode only that again."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from domain.clock import Seconds, Span
from domain.session import Language
from domain.speech import Sentence
from models.speech.chunking import halves, holes, pack, with_margin, words_outside
from models.speech.hallucination_filter import Fault, faults, is_nothing
from models.speech.recognizer import SAMPLE_RATE_HZ, Chunk, Heard, Recognizer, Samples, Word
from models.speech.sentence_segmentation import characters, in_speech, sentences

LOOKS = 3  # the first, then two at what was left out; a third finds next to nothing
SHORTEST_TO_SPLIT: Seconds = 4.0  # halves below 2 s are heard worse, for want of context
FEWEST_CAREFUL = 2
CHUNKS_A_CAREFUL_ONE = 20  # a careful decoding costs up to six fast ones; an hour of music must not cost hours
PLACES_TO_HEAR_LANGUAGE = 3


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard in a sound. `unheard`: speech of which no text was made out."""

    sentences: tuple[Sentence, ...]
    unheard: tuple[Span, ...]


@dataclass(slots=True)
class _Notes:
    """What has come together so far: words that count, words that don't, chunks in doubt, and what to decode next."""

    sure: list[Word] = field(default_factory=list)
    doubtful: list[Word] = field(default_factory=list)
    stuck: list[Heard] = field(default_factory=list)
    split: list[Chunk] = field(default_factory=list)
    left_out: list[Span] = field(default_factory=list)

    def take_todo(self, longest: Seconds) -> tuple[Chunk, ...]:
        """What to decode next, once. Holes share chunks: a look at a second costs as much as one at thirty."""
        todo = (*self.split, *pack(sorted(self.left_out), longest))
        self.split, self.left_out = [], []
        return todo

    def sort(self, heard: Heard, language: Language, *, is_last_look: bool) -> None:
        """Put what a fast decoder made of a chunk where it belongs; after the last look nothing is left for a next."""
        found = faults(heard, language)
        is_stopped = Fault.CAPPED in found or not heard.words
        if is_stopped and heard.chunk.speech >= SHORTEST_TO_SPLIT and not is_last_look:
            self.split += halves(heard.chunk)
        elif found:
            self.stuck.append(heard)
        elif heard.words:
            left_out = () if is_last_look else holes(heard.chunk.pieces, heard.words)
            self.left_out += left_out
            self.sure += words_outside(heard, left_out)

    def doubt(self, heard: Heard, language: Language) -> None:
        """Keep the words of a faulty answer for people to read, unless there was nothing to hear."""
        if not is_nothing(heard, faults(heard, language)):
            self.doubtful += heard.words


@dataclass(frozen=True, slots=True)
class Listener:
    """A recogniser and how it is used. `longest_chunk`: seconds of speech decoded in one go."""

    recognizer: Recognizer
    longest_chunk: Seconds

    def language_of(self, sound: Samples, speech: Sequence[Span]) -> Language:
        """The language of `sound`, heard where speech is densest."""
        chunks = pack(with_margin(speech, whole(sound)), self.longest_chunk)
        fullest = sorted(chunks, key=lambda chunk: -chunk.speech)[:PLACES_TO_HEAR_LANGUAGE]
        return self.recognizer.language_of(sound, fullest)

    def hear(
        self, sound: Samples, speech: Sequence[Span], language: Language, report: Callable[[float], None]
    ) -> Hearing:
        """The sentences in `sound`, of which `speech` is speech. `report` is told the share done."""
        notes = _Notes()
        todo = pack(with_margin(speech, whole(sound)), self.longest_chunk)
        first = len(todo)
        for look in range(LOOKS):
            for i, heard in enumerate(self.recognizer.decode(sound, todo, language)):
                notes.sort(heard, language, is_last_look=look == LOOKS - 1)
                report((i + 1) / first if look == 0 else 1.0)
            todo = notes.take_todo(self.longest_chunk)
        affordable = max(FEWEST_CAREFUL, first // CHUNKS_A_CAREFUL_ONE)
        for heard in notes.stuck[:affordable]:
            self._listen_again(heard, sound, language, notes)
        for heard in notes.stuck[affordable:]:
            notes.doubt(heard, language)
        return _hearing(notes, speech, language)

    def _listen_again(self, heard: Heard, sound: Samples, language: Language, notes: _Notes) -> None:
        """Decode a doubtful chunk once more, the slow way, and decide."""
        if is_nothing(heard, faults(heard, language)):
            return
        again = self.recognizer.decode_carefully(sound, heard.chunk, language)
        if faults(again, language):
            notes.doubt(again, language)
        else:
            notes.sure += again.words


def whole(sound: Samples) -> Span:
    """All of `sound`."""
    return Span(0.0, len(sound) / SAMPLE_RATE_HZ)


def _hearing(notes: _Notes, speech: Sequence[Span], language: Language) -> Hearing:
    words = sorted([*notes.sure, *notes.doubtful], key=lambda word: word.start)
    timed = [
        *characters(_by_time(notes.sure), language),
        *characters(_by_time(notes.doubtful), language, is_reliable=False),
    ]
    timed.sort(key=lambda character: character.start)
    return Hearing(sentences(in_speech(timed, speech)), holes(speech, words))


def _by_time(words: Iterable[Word]) -> list[Word]:
    return sorted(words, key=lambda word: word.start)
