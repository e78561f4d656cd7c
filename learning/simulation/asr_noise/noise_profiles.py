"""Kinds of recognisers, by their error rates."""

from dataclasses import dataclass
from typing import Literal

from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.session import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseProfile:
    """What a recogniser does to speech. Shares and rates are in [0, 1]; a show draws its own values within the ranges.

    `error_rate`: wrong characters (zh) or words (en) without numbers in digits, lowest and highest show.
    `confusion_shares`: of the wrong Chinese characters, shares that sound the same, near, half equal, far; shows vary
    around them. `similar_word_share`: share of the wrong English words that are another word of similar sound; the rest
    is spelt by ear. `deletion_share`, `insertion_share`: shares of the errors. `burst_factor`: how much likelier an
    error is after an error. `repeated_error_share`: how often a unit is misheard as before. `digit_form_share`: numbers
    written in digits. `punctuated_share`: stops with punctuation. `dropped_utterance_share`: utterances of up to 2 s
    that are missing. `unintelligible_per_min`: stretches that are hardly understood. `timestamp_jitter`: standard
    deviation of times. `weight`: relative frequency.
    """

    name: str
    language: Language
    error_rate: tuple[float, float]
    confusion_shares: tuple[float, float, float, float] = (0.6, 0.14, 0.19, 0.07)
    similar_word_share: float = 0.7
    deletion_share: float = 0.03
    insertion_share: float = 0.02
    burst_factor: float = 1.4
    repeated_error_share: float = 0.35
    digit_form_share: float = 0.9
    punctuated_share: float = 0.9
    dropped_utterance_share: float = 0.02
    unintelligible_per_min: float = 0.05
    timestamp_jitter: Seconds = 0.05
    source: Literal["speech", "captions"] = "speech"
    weight: float = 1.0

    def __post_init__(self) -> None:
        shares = (
            *self.error_rate,
            *self.confusion_shares,
            self.similar_word_share,
            self.deletion_share,
            self.insertion_share,
            self.repeated_error_share,
        )
        if any(
            not 0 <= share <= 1
            for share in (*shares, self.digit_form_share, self.punctuated_share, self.dropped_utterance_share)
        ):
            raise InvalidValue(f"shares and rates of the channel {self.name} must lie in [0, 1]")
        if (
            not self.error_rate[0] <= self.error_rate[1] < 1
            or self.deletion_share + self.insertion_share > 1
            or not sum(self.confusion_shares)
        ):
            raise InvalidValue(f"rates or shares of the channel {self.name} do not fit together")
        if self.burst_factor < 1 or min(self.timestamp_jitter, self.unintelligible_per_min) < 0 or self.weight <= 0:
            raise InvalidValue(f"burst is at least 1, weight above 0, the rest at least 0 in channel {self.name}")
