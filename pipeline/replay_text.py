"""What the replay is encoded as, in one line."""

from rich.console import Console
from rich.text import Text

from pipeline.report import RenditionReport, ReplayReport
from pipeline.terminal_text import printable


def show_replay(replay: ReplayReport, console: Console) -> None:
    """Print the renditions with their rates, and what was done to the sound; nothing for reports without them."""
    told = [f"{made.name} {made.kilobits_per_second:.0f} kbit/s ({_how(made)})" for made in replay.renditions]
    if replay.sound is not None:
        lufs = replay.sound.recorded_lufs
        heard = "silent" if lufs is None else f"recorded at {lufs:.1f} LUFS, {replay.sound.gain_db:+.1f} dB"
        told.append(f"sound {heard}")
    if told:
        console.print(Text(printable(f"Replay: {', '.join(told)}", console.encoding)), soft_wrap=True)


def _how(made: RenditionReport) -> str:
    """How the rendition was made: encoded, copied, or copied but for a few parts."""
    if not made.is_copy:
        return f"crf {made.crf}"
    return "a copy" if not made.encoded_seconds else f"a copy, but for {made.encoded_seconds:.0f} s at crf {made.crf}"
