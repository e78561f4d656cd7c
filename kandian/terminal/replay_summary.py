"""The replay in words: a line for each rendition, for the search for its quality, and for its audio."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from domain.text import printable
from pipeline.outputs.report import QualityReport, RenditionReport, ReplayReport, SearchReport


def print_replay(replay: ReplayReport, console: Console) -> None:
    """Print the renditions with their bit rates and qualities, and the gain of the audio."""
    for line in _replay_lines(replay):
        console.print(Text(printable(line, console.encoding)), soft_wrap=True)


def _replay_lines(replay: ReplayReport) -> Iterator[str]:
    for rendition in replay.renditions:
        yield (
            f"Replay {rendition.name}: {rendition.kilobits_per_second:.0f} "
            f"kbit/s ({_encoding_text(rendition)}){_details_text(rendition)}"
        )
    for omitted in replay.left_out:
        yield f"Replay {omitted.name}: left out, it {omitted.reason}"
    if replay.search is not None:
        yield f"Replay quality: {_search_text(replay.search)}"
    if replay.sound is not None:
        lufs = replay.sound.recorded_lufs
        loudness = "silent" if lufs is None else f"recorded at {lufs:.1f} LUFS, {replay.sound.gain_db:+.1f} dB"
        yield f"Replay sound: {loudness}"


def _encoding_text(rendition: RenditionReport) -> str:
    """How the rendition was made: encoded, passed through, or passed through but for a few parts."""
    if not rendition.is_copy:
        parts = f"{rendition.raised_parts} part{'s' if rendition.raised_parts > 1 else ''}"
        raised_text = f", {parts} higher to stay below the recording" if rendition.raised_parts else ""
        return f"crf {rendition.crf}{raised_text}"
    return (
        "a copy"
        if not rendition.encoded_seconds
        else f"a copy, but for {rendition.encoded_seconds:.0f} s at crf {rendition.crf}"
    )


def _details_text(rendition: RenditionReport) -> str:
    details = [] if rendition.quality is None else list(_quality_details(rendition.quality))
    if rendition.saved_to_source is not None:
        details.insert(1 if details else 0, f"{_savings_text(rendition.saved_to_source)} the recording")
    return "".join(f", {detail}" for detail in details)


def _quality_details(quality: QualityReport) -> Iterator[str]:
    if quality.vmaf is not None and quality.vmaf_low is not None:
        shortfall = f" (below the target: {quality.missed})" if quality.missed else ""
        yield f"VMAF {quality.vmaf:.1f}, lowest 5 % {quality.vmaf_low:.1f}{shortfall}"
    else:
        yield "nothing lost"
    if quality.saved_to_veryfast is not None:
        yield f"{_savings_text(quality.saved_to_veryfast)} x264 veryfast at the same VMAF"
    yield f"{quality.cpu_seconds_per_hour:.0f} CPU s an hour"


def _savings_text(share: float) -> str:
    return f"{abs(share):.0%} {'fewer' if share >= 0 else 'more'} bits than"


def _search_text(search: SearchReport) -> str:
    if search.unmeasured:
        return f"not measured, {search.unmeasured}"
    cost_text = "" if search.cpu_share is None else f", at {search.cpu_share:.0%} of the encode's CPU"
    return f"measured on {search.sampled_seconds:.0f} s of samples{cost_text}"
