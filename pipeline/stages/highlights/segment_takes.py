"""From scores to takes."""

from dataclasses import dataclass
from typing import ClassVar

from domain.catalog import Catalog
from domain.errors import InvalidValue
from domain.evidence import Scores
from domain.highlight import Takes
from models.lexicon.near_duplicates import sisters_among
from models.segmentation.segmenter import CutSettings, cut
from models.segmentation.weights_bundle import DEFAULT
from pipeline.engine.stage import Needs


@dataclass(frozen=True)
class CutTakes:
    """Find the most likely explanations, where each begins, and how sure that is. Fields: see CutSettings."""

    version: ClassVar[int] = 9
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ()
    model: str = DEFAULT
    rejoin_s: float = 20.0
    shortest_s: float = 8.0
    publish_at: float = 0.35
    suggest_at: float = 0.1

    def __post_init__(self) -> None:
        if not 0 <= self.suggest_at <= self.publish_at <= 1:
            raise InvalidValue("0 <= suggest_at <= publish_at <= 1 must hold")

    def weights(self) -> tuple[str, ...]:
        return (f"understanding:{self.model}",)

    def __call__(self, scores: Scores, catalog: Catalog) -> Takes:
        from models.segmentation.weights_bundle import understanding

        settings = CutSettings(self.rejoin_s, self.shortest_s, self.publish_at, self.suggest_at)
        return cut(scores, understanding(self.model).confidence, settings, sisters_among(catalog, scores.product_ids))
