"""How far simulated shows differ from rooms like the scripts': catalogue, captions, errors, products."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from domain.catalog import Catalog
from domain.errors import InvalidValue
from domain.speech import Transcript
from learning.simulation.asr_noise.noise_profiles import NoiseProfile
from learning.simulation.caption_style import in_long_cues, in_lower_case
from learning.simulation.scripts.catalog_variation import with_titles_alone, without_aliases

WrongBag = Literal["none", "another kind", "the same kind"]
MAX_DECOYS = 300
MAX_VARIED_ERROR_RATE = 0.6  # with more, nobody can tell what is said
MAX_BURST_RATE = 0.6  # of errors after an error; above, many are cut off at the error model's bound


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTraits:
    """What one show draws from a variation. `wrong_bag`: whose products the catalogue holds, of which nothing is shown.
    `error_rate`: None: that of the recogniser.
    """

    decoy_count: int
    has_titles_alone: bool
    lacks_aliases: bool
    is_unpunctuated: bool
    is_lower_case: bool
    has_long_cues: bool
    has_one_product: bool
    wrong_bag: WrongBag
    error_rate: float | None

    @property
    def labels(self) -> tuple[str, ...]:
        """What the show has that plain shows lack, in words to count by; none for a plain show."""
        traits = {
            "decoys": self.decoy_count > 0,
            "titles alone": self.has_titles_alone,
            "no nicknames": self.lacks_aliases,
            "unpunctuated": self.is_unpunctuated,
            "lower case": self.is_lower_case,
            "long cues": self.has_long_cues,
            "one product": self.has_one_product,
            f"wrong bag of {self.wrong_bag}": self.wrong_bag != "none",
            "errors of its own": self.error_rate is not None,
        }
        return tuple(label for label, has_trait in traits.items() if has_trait)

    def vary_catalog(self, catalog: Catalog) -> Catalog:
        """`catalog` as far as this shop fills it in."""
        known = without_aliases(catalog) if self.lacks_aliases else catalog
        return with_titles_alone(known) if self.has_titles_alone else known

    def vary_profile(self, profile: NoiseProfile) -> NoiseProfile:
        """`profile` with the errors and marks of this show."""
        varied = profile if self.error_rate is None else _with_error_rate(profile, self.error_rate)
        return replace(varied, punctuated_share=0.0) if self.is_unpunctuated else varied

    def vary_transcript(self, transcript: Transcript) -> Transcript:
        """`transcript` as this show's captions are written."""
        lowered = in_lower_case(transcript) if self.is_lower_case else transcript
        return in_long_cues(lowered) if self.has_long_cues else lowered


PLAIN_SHOW = ShowTraits(
    decoy_count=0,
    has_titles_alone=False,
    lacks_aliases=False,
    is_unpunctuated=False,
    is_lower_case=False,
    has_long_cues=False,
    has_one_product=False,
    wrong_bag="none",
    error_rate=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowVariation:
    """Shares of shows, in [0, 1], that have each trait, one independent of the other. The default changes no show.

    `varied_share`: shows that vary at all; all other shares are of these. `decoy_share`: those with products of other
    scripts' catalogues; `decoy_count`: their lowest and highest number. `titles_alone_share`: the
    catalogue has titles alone. `missing_aliases_share`: it lacks the nicknames. `unpunctuated_share`,
    `lower_case_share`, `long_cue_share` (half a minute): how the transcript is written. `error_rate`: lowest and
    highest, in place of the recogniser's; `error_rate_skew`: exponent of a uniform draw between them, 1 for even, more
    for mostly low. `one_product_share`: the room sells one product. `wrong_bag_share`: the
    catalogue is another script's, and nothing is true; a show keeps its own where no other script has its language.
    """

    varied_share: float = 1.0
    decoy_share: float = 1.0
    decoy_count: tuple[int, int] = (0, 0)
    titles_alone_share: float = 0.0
    missing_aliases_share: float = 0.0
    unpunctuated_share: float = 0.0
    lower_case_share: float = 0.0
    long_cue_share: float = 0.0
    one_product_share: float = 0.0
    wrong_bag_share: float = 0.0
    error_rate: tuple[float, float] | None = None
    error_rate_skew: float = 1.0

    def __post_init__(self) -> None:
        if any(not 0 <= share <= 1 for share in (self.varied_share, self.decoy_share, *self._trait_shares)):
            raise InvalidValue("shares of a show variation must lie in [0, 1]")
        if not 0 <= self.decoy_count[0] <= self.decoy_count[1] <= MAX_DECOYS:
            raise InvalidValue(f"decoy_count must be a range within [0, {MAX_DECOYS}], not {self.decoy_count}")
        low, high = self.error_rate or (0.0, 0.0)
        if not 0 <= low <= high <= MAX_VARIED_ERROR_RATE:
            raise InvalidValue(f"error_rate must be a range within [0, {MAX_VARIED_ERROR_RATE}], not {self.error_rate}")
        if self.error_rate_skew < 1:
            raise InvalidValue(f"error_rate_skew must be at least 1, not {self.error_rate_skew}")

    @property
    def _trait_shares(self) -> tuple[float, ...]:
        return (
            self.titles_alone_share,
            self.missing_aliases_share,
            self.unpunctuated_share,
            self.lower_case_share,
            self.long_cue_share,
            self.one_product_share,
            self.wrong_bag_share,
        )

    def draw(self, rng: np.random.Generator) -> ShowTraits:
        """The traits of one show. Small numbers of decoys are as frequent as large ones, by their logarithm."""
        low, high = np.log1p(self.decoy_count).tolist()
        decoy_count = round(float(np.expm1(rng.uniform(low, high))))
        titles, aliases, marks, case, cues, one, wrong = (
            rng.random(len(self._trait_shares)) < self._trait_shares
        ).tolist()
        error_chance, decoy_chance, varied_chance = rng.random(3).tolist()
        if varied_chance >= self.varied_share:
            return PLAIN_SHOW
        return ShowTraits(
            decoy_count=decoy_count if decoy_chance < self.decoy_share else 0,
            has_titles_alone=titles,
            lacks_aliases=aliases,
            is_unpunctuated=marks,
            is_lower_case=case,
            has_long_cues=cues,
            has_one_product=one,
            wrong_bag="another kind" if wrong else "none",
            error_rate=self._error_rate_at(error_chance),
        )

    def _error_rate_at(self, chance: float) -> float | None:
        """The error rate of a show that drew `chance`, in [0, 1)."""
        if self.error_rate is None:
            return None
        low, high = self.error_rate
        return low + (high - low) * float(chance**self.error_rate_skew)


def lesson_variation() -> ShowVariation:
    """How lessons vary. Half of them are plain, as their script and recogniser have them. Of the other half:

    - half have 5 to 300 decoys, 15 % titles alone and a third catalogues without nicknames;
    - 40 % have captions without punctuation, 30 % in lower case (heard in English only), 20 % in cues of half a minute;
    - all have an error rate of their own between 0 and .6: the median is .08, a fifth has more than .3;
    - 10 % are rooms of one product.

    No lesson has a wrong bag: those are made beside each lesson (wrong_bag_lessons.py).
    """
    return ShowVariation(
        varied_share=0.5,
        decoy_share=0.5,
        decoy_count=(5, MAX_DECOYS),
        titles_alone_share=0.15,
        missing_aliases_share=1 / 3,
        unpunctuated_share=0.4,
        lower_case_share=0.3,
        long_cue_share=0.2,
        one_product_share=0.1,
        error_rate=(0.0, MAX_VARIED_ERROR_RATE),
        error_rate_skew=3.0,
    )


def _with_error_rate(profile: NoiseProfile, error_rate: float) -> NoiseProfile:
    """`profile` with this rate. Where most is wrong there is no room for bursts, which would keep the rate too low."""
    burst_factor = min(profile.burst_factor, max(1.0, MAX_BURST_RATE / error_rate)) if error_rate else 1.0
    return replace(profile, error_rate=(error_rate, error_rate), burst_factor=burst_factor)
