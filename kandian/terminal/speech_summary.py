"""How much of a show's speech was not recognised, in a line."""

from rich.console import Console
from rich.text import Text

from domain.text import printable
from pipeline.outputs.speech_report import SpeechReport

MIN_TOLD_MINUTES = 0.05  # less reads as 0.0


def print_speech(speech: SpeechReport | None, console: Console) -> None:
    """Print how many minutes were not recognised; nothing where all was, or where captions were given."""
    if speech is None or speech.unheard_minutes < MIN_TOLD_MINUTES:
        return
    line = f"Speech: {speech.unheard_minutes:.1f} of {speech.voiced_minutes:.1f} minutes were not recognised"
    console.print(Text(printable(line, console.encoding)), soft_wrap=True)
