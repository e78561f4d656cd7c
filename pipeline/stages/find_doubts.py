"""FindDoubts: where a second look at the sound may decide which product was named."""

import math
from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.evidence import Mentions
from domain.media import AudioTrack
from domain.second_look import Doubts
from domain.speech import Transcript
from models.doubts import DoubtFinder
from pipeline.stage import Needs

SECONDS_AN_HOUR = 3600.0


@dataclass(frozen=True)
class FindDoubts:
    """Choose the stretches that are worth hearing again, with a few likely names for each.

    `windows_an_hour`: at most so many in an hour of show; 0 does without a second look.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin", "rapidfuzz")
    windows_an_hour: int = 25

    def __call__(self, audio: AudioTrack, transcript: Transcript, mentions: Mentions, catalog: Catalog) -> Doubts:
        most = math.ceil(self.windows_an_hour * audio.duration / SECONDS_AN_HOUR)
        return Doubts(DoubtFinder(transcript, mentions.mentions, catalog).find(most))
