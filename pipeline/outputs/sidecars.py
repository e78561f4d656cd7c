"""The files beside highlights.json for players: chapters, and cues that carry the highlights as data."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from domain.clock import Seconds, Span
from domain.highlight import Highlight, HighlightsFile
from pipeline.outputs.highlights_file import highlights_json
from pipeline.outputs.layout import INDEX_FILE
from pipeline.outputs.webvtt import WebVttCue, format_webvtt


def write_with_sidecars(file: HighlightsFile, folder: Path) -> None:
    """Write highlights.json, chapters.vtt and highlights.vtt into `folder`."""
    (folder / INDEX_FILE).write_bytes(highlights_json(file))
    write_cues(folder / "chapters.vtt", chapter_cues(file.highlights, file.duration))
    write_cues(folder / "highlights.vtt", metadata_cues(file.highlights))


def write_cues(file: Path, cues: Iterable[WebVttCue]) -> None:
    """Write a WebVTT file."""
    file.write_text(format_webvtt(cues), encoding="utf-8")


def chapter_cues(highlights: Sequence[Highlight], duration: Seconds) -> Iterable[WebVttCue]:
    """Chapters must not overlap: each ends where the next begins at the latest; one left empty is no chapter."""
    by_time = sorted(highlights, key=lambda highlight: (highlight.start, highlight.end))
    limits: list[Seconds] = [*(following.start for following in by_time[1:]), duration]
    for highlight, limit in zip(by_time, limits, strict=False):  # a show without highlights has a limit all the same
        end = min(highlight.end, limit)
        if end > highlight.start:
            yield WebVttCue(Span(highlight.start, end), highlight.title, highlight.id)


def metadata_cues(highlights: Iterable[Highlight]) -> Iterable[WebVttCue]:
    """A cue for each highlight, with what a player needs of it as JSON."""
    from pydantic_core import to_json

    for highlight in highlights:
        fields = (
            *("id", "product_ids", "seek", "title", "confidence"),
            *("product_confidence", "start_confidence", "thumbnail"),
        )
        payload = to_json({name: getattr(highlight, name) for name in fields}).decode()
        yield WebVttCue(Span(highlight.start, highlight.end), payload, highlight.id, is_data=True)
