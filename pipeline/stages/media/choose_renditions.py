"""Choose what the replay's picture is encoded as, by samples of the show."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.clock import Seconds, Span, Timeline
from domain.recording import MediaInfo
from domain.replay import Encoding, Rendition, Vmaf
from domain.session import Recording
from media.encode.passthrough_check import obstacle
from media.encode.probe_budget import Budget, Pictures
from media.encode.rendition_search import Case, Choosing
from media.encode.samples import Into, Samples, places, take
from media.keyframes import Size
from pipeline.engine.stage import Needs, Progress

FEWEST_SAMPLES = 1
LARGEST_SAMPLES_BYTES = 2_000_000_000  # of uncompressed pictures in the scratch folder
LEAST_KBPS = 0.001  # where the recording's picture has no bytes


@dataclass(frozen=True)
class ChooseEncoding:
    """H.264 and AV1 at the large size and H.264 at the small one; never larger than the recording, none twice.

    Samples are encoded and scored to find, for each, the highest CRF at which its pictures take fewer bits than the
    recorded ones and, if that can be, reach the target VMAF, within `search_share` of the
    encode's work. Shows too short for samples get the CRFs of the settings.
    """

    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(memory_mb=500)
    tools: ClassVar[tuple[str, ...]] = ("ffmpeg", "av")

    large_side_px: int = 720
    small_side_px: int = 360
    h264_preset: str = "veryfast"
    h264_params: str = "psy=0:rc-lookahead=30:trellis=1:aq-strength=0.5"
    h264_crf: int = 24
    av1_preset: int = 11
    av1_params: str = "enable-tf=0:hierarchical-levels=3:aq-mode=0"
    av1_crf: int = 35
    has_av1: bool = True
    key_frame_every_s: float = 2.0
    target_vmaf: float = 93.0
    target_vmaf_low: float = 85.0
    most_of_source: float = 0.95
    sampled_share: float = 0.015
    most_sampled_s: float = 40.0
    search_share: float = 0.13  # of the encode's work; 15 % of its time are allowed

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> Encoding:
        wanted = self.unmeasured(media)
        large = replay_size(media, self.large_side_px)
        count = self._sample_count(media, timeline)
        if count < FEWEST_SAMPLES:
            return replace(wanted, unmeasured="the show is too short for samples")
        starts = places(media, timeline, count, self.key_frame_every_s)
        spans = [Span(start, start + self.key_frame_every_s) for start in starts]
        folder = scratch / "samples"
        folder.mkdir()
        try:
            samples = take(recording, media, timeline, spans, Into(folder, large))
            if samples is None:
                return replace(wanted, unmeasured="no sample could be decoded")
            budget = self._budget(samples, timeline.duration, _pictures_a_second(media), len(spans))
            case = Case(samples, budget, _pictures_a_second(media), obstacle(media, timeline, large) is None)
            return self._chosen(wanted, case, progress)
        finally:
            shutil.rmtree(folder)

    def unmeasured(self, media: MediaInfo) -> Encoding:
        """The renditions with the CRFs of the settings."""
        large, small = (replay_size(media, side) for side in (self.large_side_px, self.small_side_px))
        chosen = [self._h264(large)]
        if self.has_av1:
            chosen.append(
                Rendition("av1", large.width, large.height, str(self.av1_preset), self.av1_params, self.av1_crf)
            )
        if min(small.width, small.height) < min(large.width, large.height):
            chosen.append(self._h264(small))
        return Encoding(tuple(chosen), self.key_frame_every_s)

    def _h264(self, size: Size) -> Rendition:
        return Rendition("h264", size.width, size.height, self.h264_preset, self.h264_params, self.h264_crf)

    def _sample_count(self, media: MediaInfo, timeline: Timeline) -> int:
        """As many samples as the show's length pays for."""
        length_s = min(self.sampled_share * timeline.duration, self.most_sampled_s)
        size = replay_size(media, self.large_side_px)
        sample_bytes = size.width * size.height * 1.5 * _pictures_a_second(media) * self.key_frame_every_s
        return int(min(length_s / self.key_frame_every_s, LARGEST_SAMPLES_BYTES / sample_bytes))

    def _budget(self, samples: Samples, duration: Seconds, rate: float, places: int) -> Budget:
        show, sampled = (
            Pictures(length_s * rate, samples.size, length_s * samples.source_kbps / 1000)
            for length_s in (duration, samples.length_s)
        )
        return Budget(self.search_share, show, sampled, places)

    def _chosen(self, wanted: Encoding, case: Case, progress: Progress) -> Encoding:
        target = Vmaf(self.target_vmaf, self.target_vmaf_low)
        choosing = Choosing(case, max(LEAST_KBPS, self.most_of_source * case.samples.source_kbps), target)
        for number in range(len(wanted.renditions)):
            choosing.choose(wanted, number)
            progress((number + 1) / (len(wanted.renditions) + 1))
        measures = tuple(choosing.measures())
        renditions = tuple(choice.rendition for choice in choosing.choices)
        samples = case.samples
        told = Encoding(renditions, self.key_frame_every_s, measures, samples.length_s, round(samples.source_kbps, 3))
        return replace(told, left_out=tuple(choosing.left_out))


def replay_size(media: MediaInfo, shorter_side_px: int) -> Size:
    """The size of the whole replay: the first file's, its shorter side at most this, both sides even."""
    video = media.files[0].video
    scale = min(1.0, shorter_side_px / min(video.width, video.height))
    return Size(max(2, round(video.width * scale / 2 - 0.01) * 2), max(2, round(video.height * scale / 2 - 0.01) * 2))


def _pictures_a_second(media: MediaInfo) -> float:
    return max(1.0, *(file.video.frame_rate for file in media.files))
