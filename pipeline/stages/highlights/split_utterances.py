"""SplitUtterances: the grid that all evidence lies on."""

from dataclasses import dataclass
from typing import ClassVar

from domain.clock import Timeline
from domain.evidence import UtteranceUnits
from domain.speech import Transcript
from models.evidence.utterance_units import build_utterance_units
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class SplitUtterances:
    """Split the replay into utterance units: a few sentences said in one breath, or a stretch of silence."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ()

    def __call__(self, transcript: Transcript, timeline: Timeline) -> UtteranceUnits:
        return build_utterance_units(transcript.sentences, timeline.replay_span)
