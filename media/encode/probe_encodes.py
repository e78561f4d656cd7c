"""Probe encodes: samples encoded at some CRFs, with the bitrate, VMAF and processor time of each."""

import resource
from dataclasses import dataclass, field, replace
from math import exp, log
from pathlib import Path

from domain.replay import Rendition, VmafScore
from media import ffmpeg
from media.encode.encoders import encoder_options, key_frame_options
from media.encode.filters import scale_to_rendition
from media.encode.packet_bytes import encoded_video_bytes
from media.encode.samples import VideoSamples
from media.encode.vmaf import VmafPair, compute_vmaf

MAX_VMAF_EXTRAPOLATION = 3.0  # VMAF beyond the measured scores


@dataclass
class ProbeEncode:
    """A rendition encoded from samples; each CRF is encoded once and scored once, on demand.

    `label` begins its files' names: others are made of the same samples.
    """

    label: str
    rendition: Rendition
    samples: VideoSamples
    keyframe_interval_s: float
    kbps_by_crf: dict[int, float] = field(default_factory=dict)
    vmaf_by_crf: dict[int, VmafScore] = field(default_factory=dict)
    cpu_s_by_crf: dict[int, float] = field(default_factory=dict)

    def measure_kbps(self, crf: int) -> float:
        """Kilobits a second of the encoded video."""
        if crf not in self.kbps_by_crf:
            cpu_s_before = _children_cpu_s()
            self._encode(crf)
            self.cpu_s_by_crf[crf] = _children_cpu_s() - cpu_s_before
            self.kbps_by_crf[crf] = encoded_video_bytes(self._file(crf)) * 8 / 1000 / self.samples.duration_s
        return self.kbps_by_crf[crf]

    def measure_vmaf(self, crf: int) -> VmafScore:
        """VMAF at the rendition's size, against the recording scaled to that size."""
        if crf not in self.vmaf_by_crf:
            import ffmpeg as graph

            self.measure_kbps(crf)
            encoded = graph.input(
                f"file:{self._file(crf).absolute()}", format="mov", protocol_whitelist="file", threads=1
            )
            reference = scale_to_rendition(self.samples.concat_input(), self.samples.size, self.rendition)
            self.vmaf_by_crf[crf] = compute_vmaf(
                VmafPair(encoded["v:0"], reference), self.samples.duration_s, self._folder
            )
        return self.vmaf_by_crf[crf]

    @property
    def _folder(self) -> Path:
        return self.samples.concat_list.parent

    def _file(self, crf: int) -> Path:
        return self._folder / f"{self.label}-{crf}.mp4"

    def _encode(self, crf: int) -> None:
        video = scale_to_rendition(self.samples.concat_input(), self.samples.size, self.rendition)
        options = encoder_options(replace(self.rendition, crf=crf)) | key_frame_options(0.0, self.keyframe_interval_s)
        ffmpeg.run(
            ffmpeg.reproducible_output(video, str(self._file(crf)), **options),
            ffmpeg.FfmpegJob(None, self.samples.duration_s),
        )


def interpolate_kbps(probe: ProbeEncode, mean_vmaf: float) -> float | None:
    """The bitrate at this mean VMAF, by the two scored CRFs nearest to it; None where it is too far from them.

    The logarithm of the bitrate is assumed to be linear in VMAF.
    """
    nearest_crfs = sorted(probe.vmaf_by_crf, key=lambda crf: abs(probe.vmaf_by_crf[crf].mean - mean_vmaf))[:2]
    if len(nearest_crfs) < 2:
        return None
    low_crf, high_crf = sorted(nearest_crfs, key=lambda crf: probe.vmaf_by_crf[crf].mean)
    low_vmaf, high_vmaf = probe.vmaf_by_crf[low_crf].mean, probe.vmaf_by_crf[high_crf].mean
    if (
        high_vmaf <= low_vmaf
        or not low_vmaf - MAX_VMAF_EXTRAPOLATION <= mean_vmaf <= high_vmaf + MAX_VMAF_EXTRAPOLATION
    ):
        return None
    weight = (mean_vmaf - low_vmaf) / (high_vmaf - low_vmaf)
    return exp(log(probe.kbps_by_crf[low_crf]) * (1 - weight) + log(probe.kbps_by_crf[high_crf]) * weight)


def _children_cpu_s() -> float:
    """Processor seconds of all child processes so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
