"""What the replay is encoded as: a line for each rendition, and what searching for it cost."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from kandian.terminal.cells import printable
from pipeline.outputs.report import QualityReport, RenditionReport, ReplayReport, SearchReport


def show_replay(replay: ReplayReport, console: Console) -> None:
    """Print the renditions with their rates and qualities, and what was done to the sound; nothing without them."""
    for line in _lines(replay):
        console.print(Text(printable(line, console.encoding)), soft_wrap=True)


def _lines(replay: ReplayReport) -> Iterator[str]:
    for made in replay.renditions:
        yield f"Replay {made.name}: {made.kilobits_per_second:.0f} kbit/s ({_how(made)}){_told_of(made)}"
    for one in replay.left_out:
        yield f"Replay {one.name}: left out, it {one.reason}"
    if replay.search is not None:
        yield f"Replay quality: {_searched(replay.search)}"
    if replay.sound is not None:
        lufs = replay.sound.recorded_lufs
        heard = "silent" if lufs is None else f"recorded at {lufs:.1f} LUFS, {replay.sound.gain_db:+.1f} dB"
        yield f"Replay sound: {heard}"


def _how(made: RenditionReport) -> str:
    """How the rendition was made: encoded, copied, or copied but for a few parts."""
    if not made.is_copy:
        parts = f"{made.raised_parts} part{'s' if made.raised_parts > 1 else ''}"
        raised = f", {parts} higher to stay below the recording" if made.raised_parts else ""
        return f"crf {made.crf}{raised}"
    return "a copy" if not made.encoded_seconds else f"a copy, but for {made.encoded_seconds:.0f} s at crf {made.crf}"


def _told_of(made: RenditionReport) -> str:
    told = [] if made.quality is None else list(_quality(made.quality))
    if made.saved_to_source is not None:
        told.insert(1 if told else 0, f"{_saved(made.saved_to_source)} the recording")
    return "".join(f", {one}" for one in told)


def _quality(quality: QualityReport) -> Iterator[str]:
    if quality.vmaf is not None and quality.vmaf_low is not None:
        missed = f" (below the target: {quality.missed})" if quality.missed else ""
        yield f"VMAF {quality.vmaf:.1f}, lowest 5 % {quality.vmaf_low:.1f}{missed}"
    else:
        yield "nothing lost"
    if quality.saved_to_veryfast is not None:
        yield f"{_saved(quality.saved_to_veryfast)} x264 veryfast at the same VMAF"
    yield f"{quality.cpu_seconds_per_hour:.0f} CPU s an hour"


def _saved(share: float) -> str:
    return f"{abs(share):.0%} {'fewer' if share >= 0 else 'more'} bits than"


def _searched(search: SearchReport) -> str:
    if search.unmeasured:
        return f"not measured, {search.unmeasured}"
    cost = "" if search.cpu_share is None else f", at {search.cpu_share:.0%} of the encode's CPU"
    return f"measured on {search.sampled_seconds:.0f} s of samples{cost}"
