"""ClassifyDiscourse: what the host does in each utterance unit."""

from dataclasses import dataclass
from typing import ClassVar

from domain.evidence import DiscourseClassification, LinkedMentions, UtteranceUnits
from domain.speech import Transcript
from models.segmentation.weights_bundle import DEFAULT_WEIGHTS
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class ClassifyDiscourse:
    """Classify what hosts do in each unit (open, show, price, preview, chat), whatever the product.

    Product words are masked as the transcript has them, so the first-pass mentions are taken: names that rescoring
    accepts do not stand in its text.
    """

    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    tools: ClassVar[tuple[str, ...]] = ("opencc", "pypinyin")
    model: str = DEFAULT_WEIGHTS

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(
        self, transcript: Transcript, units: UtteranceUnits, linked: LinkedMentions
    ) -> DiscourseClassification:
        from models.segmentation.discourse_classifier import discourse_features
        from models.segmentation.weights_bundle import load_weights_bundle

        features = discourse_features(transcript.sentences, linked.mentions, units, transcript.language)
        return load_weights_bundle(self.model).discourse[transcript.language].classify(features, units)
