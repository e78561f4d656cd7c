"""What hosts do, unit by unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.clock import Timeline
from domain.evidence import Discourse, Mentions
from domain.speech import Transcript
from models.segmentation.weights_bundle import DEFAULT
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class ReadDiscourse:
    """Tell how hosts talk - opening, showing, pricing, previewing, chatting - whatever the product."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin")
    model: str = DEFAULT

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, transcript: Transcript, mentions: Mentions, timeline: Timeline) -> Discourse:
        from models.segmentation.discourse_classifier import discourse_features
        from models.segmentation.utterance_units import units_of
        from models.segmentation.weights_bundle import understanding

        units = units_of(transcript.sentences, timeline.replay)
        features = discourse_features(transcript.sentences, mentions.mentions, units, transcript.language)
        return understanding(self.model).discourse[transcript.language].read(features, units)
