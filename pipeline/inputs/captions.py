"""captions.srt, .vtt and .json: a transcript that comes with the show, instead of speech recognition."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from domain.errors import CaptionsError, InputError
from domain.session import Language
from domain.speech import Caption, Captions
from pipeline.inputs.parsing.plain_text import has_hidden_characters, to_plain_text
from pipeline.inputs.parsing.strict_json import parse_object
from pipeline.inputs.parsing.tally import Tally, unknown_key_warnings
from pipeline.inputs.parsing.text_file import read_text
from pipeline.inputs.parsing.values import as_language, as_seconds, located, quote_value
from pipeline.inputs.subtitle_cues import SubtitleCue, read_srt, read_vtt

TRANSCRIPT_KEYS = ("language", "source", "sentences", "unheard")
SENTENCE_KEYS = ("start", "end", "text", "char_starts", "is_reliable")
TIMESTAMP_MAP_WARNING = "X-TIMESTAMP-MAP is not followed; times are taken as seconds since the recording began"


@dataclass(frozen=True, slots=True)
class CaptionsFile:
    """A captions file, read: captions by time."""

    captions: Captions
    warnings: tuple[str, ...]


def import_captions(file: Path) -> CaptionsFile:
    """Read captions in the format of the file's suffix. Raises CaptionsError with the line or sentence."""
    text = read_text(file, CaptionsError)
    tally = Tally("caption")
    language: Language | None = None
    warnings: tuple[str, ...] = ()
    match file.suffix.lower():
        case ".json":
            language, captions, warnings = _parse_transcript(text, file, tally)
        case ".vtt":
            captions = [_caption_from_cue(cue, tally) for cue in read_vtt(text, file)]
            warnings = (TIMESTAMP_MAP_WARNING,) * ("X-TIMESTAMP-MAP" in text)
        case ".srt":
            captions = [_caption_from_cue(cue, tally) for cue in read_srt(text, file)]
        case _:
            raise CaptionsError(file, "is no kind of captions kandian knows", "give a .srt, .vtt or .json file")
    non_empty = [caption for caption in captions if caption.text]
    if not non_empty:
        raise CaptionsError(file, "holds no captions", "take it away to have the speech recognised")
    all_warnings = (*warnings, *tally.warnings(), *_caption_warnings(captions))
    non_empty.sort(key=lambda caption: (caption.recording_start, caption.recording_end))
    return CaptionsFile(
        Captions(language, tuple(non_empty)), tuple(f"{file.name}: {warning}" for warning in all_warnings)
    )


def _caption_warnings(captions: list[Caption]) -> list[str]:
    """Warnings about captions, which are in the order of the file."""
    out_of_order_count = sum(b.recording_start < a.recording_start for a, b in pairwise(captions))
    ordered = sorted(captions, key=lambda caption: caption.recording_start)
    overlap_count = sum(b.recording_start < a.recording_end for a, b in pairwise(ordered))
    empty_count = sum(not caption.text for caption in captions)
    counts = {
        "begin before the one above and are sorted": out_of_order_count,
        "overlap the next": overlap_count,
        "have no text": empty_count,
    }
    return [f"{count} of {len(captions)} captions {what}" for what, count in counts.items() if count]


def _caption_from_cue(cue: SubtitleCue, tally: Tally) -> Caption:
    if has_hidden_characters(cue.text):
        tally.add("control characters taken out of the text")
    return Caption(cue.start, cue.end, to_plain_text(cue.text))


def _parse_transcript(text: str, file: Path, tally: Tally) -> tuple[Language | None, list[Caption], tuple[str, ...]]:
    transcript = parse_object(text, file, CaptionsError)
    sentences = transcript.get("sentences")
    if not isinstance(sentences, list):
        remedy = 'write {"sentences": [{"start": 1.5, "end": 3.0, "text": "..."}, ...]}'
        raise CaptionsError(file, "has no list of sentences", remedy)
    with located(CaptionsError, file):
        language = as_language("language", transcript["language"]) if transcript.get("language") else None
    captions = []
    for number, sentence in enumerate(sentences, start=1):
        with located(CaptionsError, f"{file}: sentence {number}"):
            captions.append(_parse_sentence(sentence, tally))
    return language, captions, unknown_key_warnings(transcript, TRANSCRIPT_KEYS)


def _parse_sentence(fields: object, tally: Tally) -> Caption:
    if not isinstance(fields, dict):
        raise InputError(
            "", f"is not an object but {quote_value(fields)}", 'write {"start": 1.5, "end": 3.0, "text": "..."}'
        )
    tally.add_unknown_keys(fields, SENTENCE_KEYS)
    start, end = as_seconds("start", fields.get("start")), as_seconds("end", fields.get("end"))
    text, is_reliable = fields.get("text"), fields.get("is_reliable", True)
    if end < start:
        raise InputError("end", f"{end:g} comes before start, {start:g}", "mend the two times")
    if not isinstance(text, str):
        raise InputError("text", f"{quote_value(text)} is not text", "write text in double quotes")
    if not isinstance(is_reliable, bool):
        raise InputError("is_reliable", f"{quote_value(is_reliable)} is neither true nor false", "write true or false")
    if has_hidden_characters(text):
        tally.add("control characters taken out of the text")
    char_starts = _parse_char_starts(fields.get("char_starts"), text)
    if not char_starts:
        return Caption(start, end, to_plain_text(text), (), is_reliable)
    timed_chars = _plain_text_with_times(text, char_starts)
    return Caption(start, end, "".join(c for c, _ in timed_chars), tuple(t for _, t in timed_chars), is_reliable)


def _parse_char_starts(value: object, text: str) -> tuple[float, ...]:
    if value is None or value == []:
        return ()
    if not isinstance(value, list):
        raise InputError(
            "char_starts", f"{quote_value(value)} is not a list", "write a time for each character of text"
        )
    if len(value) != len(text):
        what = f"holds {len(value)} times for {len(text)} characters"
        raise InputError("char_starts", what, "write a time for each character of text, or leave it out")
    times = tuple(as_seconds("char_starts", time) for time in value)
    if any(b < a for a, b in pairwise(times)):
        raise InputError("char_starts", "goes back in time", "write times that rise, or leave it out")
    return times


def _plain_text_with_times(text: str, times: tuple[float, ...]) -> list[tuple[str, float]]:
    """The characters of `text` that `to_plain_text` keeps, each with its time."""
    pairs = [(" " if c.isspace() else to_plain_text(c), t) for c, t in zip(text, times, strict=True)]
    visible = [(c, t) for c, t in pairs if c]
    first = next((i for i, (c, _) in enumerate(visible) if c != " "), len(visible))
    last = next((i for i, (c, _) in reversed(list(enumerate(visible))) if c != " "), -1)
    return visible[first : last + 1]
