"""Settings of an encoder, tried on samples: what rate, what VMAF and what processor time each gives."""

import resource
from dataclasses import dataclass, field, replace
from math import exp, log
from pathlib import Path

from domain.replay import Rendition, Vmaf
from media import ffmpeg
from media.encode.encoders import coding, key_frames
from media.encode.filters import at_size
from media.encode.packet_bytes import encoded_bytes
from media.encode.samples import Samples
from media.encode.vmaf import Pair, vmaf

FARTHEST_VMAF = 3.0  # beyond the measured VMAFs, up to which a rate is believed


@dataclass
class Trial:
    """A rendition tried on samples at some CRFs; each is encoded once and scored once, when it is asked for.

    `label` tells its files from those of other trials on the same samples.
    """

    label: str
    rendition: Rendition
    samples: Samples
    key_frame_every_s: float
    rates: dict[int, float] = field(default_factory=dict)
    scores: dict[int, Vmaf] = field(default_factory=dict)
    cpu_seconds: dict[int, float] = field(default_factory=dict)

    def rate(self, crf: int) -> float:
        """Kilobits a second of the encoded pictures."""
        if crf not in self.rates:
            before = _children_cpu_s()
            self._encode(crf)
            self.cpu_seconds[crf] = _children_cpu_s() - before
            self.rates[crf] = encoded_bytes(self._file(crf)) * 8 / 1000 / self.samples.length_s
        return self.rates[crf]

    def score(self, crf: int) -> Vmaf:
        """VMAF at the rendition's size, against the recording brought to that size."""
        if crf not in self.scores:
            import ffmpeg as graph

            self.rate(crf)
            made = graph.input(f"file:{self._file(crf).absolute()}", format="mov", protocol_whitelist="file", threads=1)
            wanted = at_size(self.samples.stream(), self.samples.size, self.rendition)
            self.scores[crf] = vmaf(Pair(made["v:0"], wanted), self.samples.length_s, self._folder)
        return self.scores[crf]

    @property
    def _folder(self) -> Path:
        return self.samples.listing.parent

    def _file(self, crf: int) -> Path:
        return self._folder / f"{self.label}-{crf}.mp4"

    def _encode(self, crf: int) -> None:
        picture = at_size(self.samples.stream(), self.samples.size, self.rendition)
        options = coding(replace(self.rendition, crf=crf)) | key_frames(0.0, self.key_frame_every_s)
        ffmpeg.run(ffmpeg.target(picture, str(self._file(crf)), **options), ffmpeg.Job(None, self.samples.length_s))


def rate_at(trial: Trial, mean_vmaf: float) -> float | None:
    """The rate at which the trial reaches this mean VMAF, by the two scored CRFs nearest to it; None if none is near.

    The logarithm of the rate is taken to rise in a straight line with VMAF.
    """
    near = sorted(trial.scores, key=lambda crf: abs(trial.scores[crf].mean - mean_vmaf))[:2]
    if len(near) < 2:
        return None
    low, high = sorted(near, key=lambda crf: trial.scores[crf].mean)
    bottom, top = trial.scores[low].mean, trial.scores[high].mean
    if top <= bottom or not bottom - FARTHEST_VMAF <= mean_vmaf <= top + FARTHEST_VMAF:
        return None
    share = (mean_vmaf - bottom) / (top - bottom)
    return exp(log(trial.rates[low]) * (1 - share) + log(trial.rates[high]) * share)


def _children_cpu_s() -> float:
    """Processor seconds of all programs that this process has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
