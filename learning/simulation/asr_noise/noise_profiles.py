"""Kinds of recognisers, as families of error laws."""

from dataclasses import dataclass
from typing import Literal

from domain.clock import Seconds
from domain.errors import InvalidValue
from domain.session import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a recogniser does to speech. Shares and rates are in [0, 1]; a show draws its own within the ranges.

    `error_rate`: characters (zh) or words (en) heard wrong, numbers in digits not counted, lowest and highest show.
    `likeness`: of the wrong Chinese characters, shares that sound the same, near, half equal, far; shows differ from
    them. `alike`: of the wrong English words, the share that is another word of like sound; the rest is spelt by ear.
    `deleted`, `inserted`: shares of the errors. `burst`: how much likelier an error is after an error. `habit`: how
    often a sound is misheard as it was before. `digits`: numbers written in digits. `marked`: stops that get a mark.
    `lost`: utterances of up to 2 s that are not heard. `blurred_per_min`: stretches that are hardly understood.
    `jitter`: standard deviation of times. `weight`: how often it is drawn.
    """

    name: str
    language: Language
    error_rate: tuple[float, float]
    likeness: tuple[float, float, float, float] = (0.6, 0.14, 0.19, 0.07)
    alike: float = 0.7
    deleted: float = 0.03
    inserted: float = 0.02
    burst: float = 1.4
    habit: float = 0.35
    digits: float = 0.9
    marked: float = 0.9
    lost: float = 0.02
    blurred_per_min: float = 0.05
    jitter: Seconds = 0.05
    source: Literal["speech", "captions"] = "speech"
    weight: float = 1.0

    def __post_init__(self) -> None:
        shares = (*self.error_rate, *self.likeness, self.alike, self.deleted, self.inserted, self.habit)
        if any(not 0 <= share <= 1 for share in (*shares, self.digits, self.marked, self.lost)):
            raise InvalidValue(f"shares and rates of the channel {self.name} must lie in [0, 1]")
        if (
            not self.error_rate[0] <= self.error_rate[1] < 1
            or self.deleted + self.inserted > 1
            or not sum(self.likeness)
        ):
            raise InvalidValue(f"rates or shares of the channel {self.name} do not fit together")
        if self.burst < 1 or min(self.jitter, self.blurred_per_min) < 0 or self.weight <= 0:
            raise InvalidValue(f"burst is at least 1, weight above 0, the rest at least 0 in channel {self.name}")


CHANNELS: tuple[Channel, ...] = (
    # Around what Whisper base makes of the development set, from a clear voice to a fast one.
    Channel(name="zh-whisper", language="zh", error_rate=(0.1, 0.4), weight=3.0),
    # Larger and purely phonetic models: homophones, numbers as spoken, no marks.
    Channel(
        name="zh-homophones",
        language="zh",
        error_rate=(0.05, 0.35),
        likeness=(0.78, 0.16, 0.04, 0.02),
        digits=0.1,
        marked=0.0,
        habit=0.6,
    ),
    # Rooms full of noise: errors in bursts, words that sound like nothing that was said, much left out.
    Channel(
        name="zh-noisy",
        language="zh",
        error_rate=(0.3, 0.6),
        likeness=(0.22, 0.2, 0.3, 0.28),
        deleted=0.2,
        inserted=0.06,
        burst=2.0,
        lost=0.08,
        blurred_per_min=0.3,
        jitter=0.2,
    ),
    # Speech cut at its loudest, or a model at its token limit: characters go missing.
    Channel(
        name="zh-lossy",
        language="zh",
        error_rate=(0.15, 0.45),
        deleted=0.55,
        inserted=0.02,
        burst=2.2,
        marked=0.5,
        lost=0.15,
        jitter=0.15,
    ),
    # Captions typed or corrected by people.
    Channel(
        name="zh-captions",
        language="zh",
        error_rate=(0.0, 0.04),
        likeness=(0.9, 0.05, 0.0, 0.05),
        digits=0.6,
        marked=0.6,
        lost=0.01,
        blurred_per_min=0.0,
        jitter=0.25,
        source="captions",
    ),
    Channel(name="en-whisper", language="en", error_rate=(0.05, 0.22), deleted=0.12, inserted=0.1, weight=3.0),
    Channel(
        name="en-by-ear",
        language="en",
        error_rate=(0.1, 0.35),
        alike=0.3,
        deleted=0.08,
        digits=0.3,
        marked=0.0,
        habit=0.6,
    ),
    Channel(
        name="en-noisy",
        language="en",
        error_rate=(0.25, 0.55),
        deleted=0.3,
        inserted=0.1,
        burst=2.0,
        lost=0.08,
        blurred_per_min=0.3,
        jitter=0.2,
    ),
    Channel(
        name="en-captions",
        language="en",
        error_rate=(0.0, 0.04),
        digits=0.6,
        marked=0.8,
        lost=0.01,
        blurred_per_min=0.0,
        jitter=0.25,
        source="captions",
    ),
)
