"""ReadCaptions: given captions instead of hearing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.clock import Span, Timeline
from domain.errors import CaptionsError
from domain.session import Language, SpokenLanguage
from domain.speech import Caption, Captions, Sentence, Transcript
from models.speech.sentence_segmentation import TimedCharacter, sentences, spread
from models.text.normalization import one_script
from pipeline.engine.stage import Needs

SHORTEST_BOUNDED_S = 10.0  # a clip may carry a title's worth of text
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class ReadCaptions:
    """Turn captions that came with the show into a transcript on the replay clock."""

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc",)

    most_characters_a_second: float = 100.0

    def __call__(self, captions: Captions, timeline: Timeline, language: SpokenLanguage) -> Transcript:
        shown = sorted(shown_of(captions, timeline), key=lambda caption: caption.recording_start)
        self._check(shown, timeline)
        code = captions.language or language.code or language_by_script(captions)
        said = tuple(sentence for caption in shown for sentence in _sentences(caption, timeline, code))
        return Transcript(code, "captions", said)

    def _check(self, shown: Sequence[Caption], timeline: Timeline) -> None:
        """CaptionsError where they say more than anybody could in the time: reading them might never end."""
        count = sum(len(caption.text) for caption in shown)
        most = self.most_characters_a_second * max(timeline.duration, SHORTEST_BOUNDED_S)
        if count > most:
            what = f"hold {count} characters for a show of {timeline.duration:.0f} s, more than {most:.0f}"
            remedy = "give those of this show, or raise most_characters_a_second under [read_captions] in kandian.toml"
            raise CaptionsError("the captions", what, remedy)


def shown_of(captions: Captions, timeline: Timeline) -> list[Caption]:
    """Those of which the replay shows some time; in the order given."""
    return [caption for caption in captions.captions if is_shown(caption, timeline)]


def language_by_script(captions: Captions) -> Language:
    """Chinese when there are at least as many ideographs as Latin words: brand names stay Latin in Chinese talk."""
    text = " ".join(caption.text for caption in captions.captions)
    return "zh" if len(IDEOGRAPH.findall(text)) >= len(LATIN_WORD.findall(text)) else "en"


def is_shown(caption: Caption, timeline: Timeline) -> bool:
    """Whether the replay shows any of the time that `caption` stands for."""
    return any(
        caption.recording_start < piece.recording_start + piece.duration
        and caption.recording_end > piece.recording_start
        for piece in timeline.pieces
    )


def _sentences(caption: Caption, timeline: Timeline, language: Language) -> tuple[Sentence, ...]:
    return sentences(_characters(caption, timeline, language))


def _characters(caption: Caption, timeline: Timeline, language: Language) -> Iterator[TimedCharacter]:
    """The caption's characters on the replay clock; a line break is a blank."""
    text = one_script(re.sub(r"[\r\n\t]", " ", caption.text), language)
    start, end = timeline.replay_time(caption.recording_start), timeline.replay_time(caption.recording_end)
    if not caption.char_starts:
        yield from spread(Span(start, max(start, end)), text, is_reliable=caption.is_reliable)
        return
    starts = [timeline.replay_time(each) for each in caption.char_starts]
    for character, begin, after in zip(text, starts, [*starts[1:], max(starts[-1], end)], strict=True):
        yield TimedCharacter(character, begin, max(begin, after), caption.is_reliable)
