"""ImportCaptions: given captions instead of ASR."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from domain.clock import Span, Timeline
from domain.errors import CaptionsError
from domain.session import Language, SpokenLanguage
from domain.speech import Caption, Captions, Transcript, captions_in_replay
from models.speech.sentence_segmentation import TimedCharacter, segment_sentences, spread_evenly
from models.text.normalization import normalize_text
from pipeline.engine.stage import Needs

MIN_CHECKED_DURATION_S = 10.0  # a clip may carry a title's worth of text
IDEOGRAPH = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
LATIN_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class ImportCaptions:
    """Turn captions that came with the show into a transcript on the replay clock.

    Raises CaptionsError where they hold more than `max_characters_per_second` of the show.
    """

    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc",)

    max_characters_per_second: float = 100.0

    def __call__(self, captions: Captions, timeline: Timeline, language: SpokenLanguage) -> Transcript:
        visible_captions = sorted(captions_in_replay(captions, timeline), key=lambda caption: caption.recording_start)
        self._check_speech_rate(visible_captions, timeline)
        code = captions.language or language.code or detect_language(captions)
        sentences = tuple(
            sentence
            for caption in visible_captions
            for sentence in segment_sentences(_timed_characters(caption, timeline, code))
        )
        return Transcript(code, "captions", sentences)

    def _check_speech_rate(self, visible_captions: Sequence[Caption], timeline: Timeline) -> None:
        """Refuse more text than anybody could speak in the time: to process it might never end."""
        count = sum(len(caption.text) for caption in visible_captions)
        max_characters = self.max_characters_per_second * max(timeline.duration, MIN_CHECKED_DURATION_S)
        if count > max_characters:
            what = f"hold {count} characters for a show of {timeline.duration:.0f} s, more than {max_characters:.0f}"
            remedy = (
                "give those of this show, or raise max_characters_per_second under [import_captions] in kandian.toml"
            )
            raise CaptionsError("the captions", what, remedy)


def detect_language(captions: Captions) -> Language:
    """Chinese when there are at least as many ideographs as Latin words: brand names stay Latin in Chinese talk."""
    text = " ".join(caption.text for caption in captions.captions)
    return "zh" if len(IDEOGRAPH.findall(text)) >= len(LATIN_WORD.findall(text)) else "en"


def _timed_characters(caption: Caption, timeline: Timeline, language: Language) -> Iterator[TimedCharacter]:
    """The caption's characters on the replay clock; a line break becomes a blank."""
    text = normalize_text(re.sub(r"[\r\n\t]", " ", caption.text), language)
    start, end = map(timeline.recording_to_replay, (caption.recording_start, caption.recording_end))
    if not caption.char_starts:
        yield from spread_evenly(Span(start, max(start, end)), text, is_reliable=caption.is_reliable)
        return
    starts = [timeline.recording_to_replay(time) for time in caption.char_starts]
    for character, char_start, next_start in zip(text, starts, [*starts[1:], max(starts[-1], end)], strict=True):
        yield TimedCharacter(character, char_start, max(char_start, next_start), caption.is_reliable)
