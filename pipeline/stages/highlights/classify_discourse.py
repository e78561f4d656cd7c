"""What hosts do, unit by unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.clock import Timeline
from domain.evidence import DiscourseClassification, Mentions
from domain.speech import Transcript
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class ClassifyDiscourse:
    """Tell how hosts talk - opening, showing, pricing, previewing, chatting - whatever the product."""

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin")
    model: str = DEFAULT_WEIGHTS

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, transcript: Transcript, mentions: Mentions, timeline: Timeline) -> DiscourseClassification:
        from models.segmentation.discourse_classifier import discourse_features
        from models.segmentation.utterance_units import build_utterance_units
        from models.segmentation.weights_bundle import load_weights_bundle

        units = build_utterance_units(transcript.sentences, timeline.replay_span)
        features = discourse_features(transcript.sentences, mentions.mentions, units, transcript.language)
        return load_weights_bundle(self.model).discourse[transcript.language].classify(features, units)
