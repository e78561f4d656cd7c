"""What choosing the qualities may cost, counted in work: seconds that a clock tells would choose anew on every run.

The work is in processor seconds as one machine took them, but only what encoding, scoring and decoding take of each
other matters. Measured on zh-mixed-d1 at 540p and on pictures of 128x224, where starting a program is most of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.replay import Rendition
from media.encode.probe_encodes import Trial
from media.keyframes import Size

BEGIN_S = 0.1  # to load what the stage needs
START_S = 0.055  # of ffmpeg, with its codecs
SAMPLE_S = 0.09  # to open the recording at a sample, and to count its bytes
DECODE_S = 0.012  # a megapixel
ENCODE_S = {"h264": 0.014, "av1": 0.021}  # a megapixel
RICH_S = 0.015  # more for each megabit that the recording has, to decode it, and to encode it
SCORE_S = 0.024  # a megapixel, by VMAF of every fifth frame


@dataclass(frozen=True, slots=True)
class Pictures:
    """So many pictures of the large renditions' size, and the bits that the recording has for them."""

    count: float
    size: Size
    megabits: float

    def decoding(self) -> float:
        return DECODE_S * self._megapixels(self.size) + RICH_S * self.megabits

    def encoding(self, rendition: Rendition) -> float:
        return ENCODE_S[rendition.codec] * self._megapixels(_size(rendition)) + RICH_S * self.megabits

    def scoring(self, rendition: Rendition) -> float:
        return SCORE_S * self._megapixels(_size(rendition))

    def _megapixels(self, size: Size) -> float:
        return self.count * size.width * size.height / 1_000_000


@dataclass(frozen=True, slots=True)
class Budget:
    """Work for a show of these pictures, tried on `places` samples of it that hold `sampled`.

    `share` of the work of encoding may go into choosing.
    """

    share: float
    show: Pictures
    sampled: Pictures
    places: int

    def encode(self, rendition: Rendition) -> float:
        """Of encoding the samples once."""
        return START_S + self.sampled.encoding(rendition)

    def score(self, rendition: Rendition) -> float:
        """Of scoring one encoding of the samples."""
        return START_S + self.sampled.scoring(rendition)

    def look(self, rendition: Rendition) -> float:
        """Of encoding and scoring them."""
        return self.encode(rendition) + self.score(rendition)

    def spent(self, trials: Iterable[Trial]) -> float:
        """On taking the samples, and on what was tried on them."""
        taken = BEGIN_S + SAMPLE_S * self.places + self.sampled.decoding()
        return taken + sum(
            self.encode(trial.rendition) * len(trial.rates) + self.score(trial.rendition) * len(trial.scores)
            for trial in trials
        )

    def allowed(self, encoded: Iterable[Rendition]) -> float:
        """For a show that will be encoded as these; what is copied is decoded all the same."""
        return self.share * (self.show.decoding() + sum(self.show.encoding(rendition) for rendition in encoded))


def _size(rendition: Rendition) -> Size:
    return Size(rendition.width, rendition.height)
