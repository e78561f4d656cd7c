"""Choose what the replay's picture is encoded as, by samples of the show."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.clock import Seconds, Span, Timeline
from domain.progress import Progress
from domain.recording import MediaInfo
from domain.replay import Rendition, RenditionLadder, VmafScore
from domain.session import Recording
from media.encode.passthrough_check import passthrough_blocker
from media.encode.probe_budget import ProbeBudget, VideoWorkload
from media.encode.rendition_search import RenditionSearch, SearchInput
from media.encode.samples import SampleDestination, VideoSamples, choose_sample_starts, decode_samples
from media.keyframes import PixelSize
from pipeline.engine.stage import Needs

MIN_SAMPLES = 1
MAX_SAMPLES_BYTES = 2_000_000_000  # of uncompressed pictures in the scratch folder
MIN_KBPS = 0.001  # where the recording's picture has no bytes


@dataclass(frozen=True)
class ChooseRenditions:
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
    keyframe_interval_s: float = 2.0
    target_vmaf: float = 93.0
    target_vmaf_low: float = 85.0
    max_source_share: float = 0.95
    sampled_share: float = 0.015
    max_sampled_s: float = 40.0
    search_share: float = 0.13  # of the encode's work; 15 % of its time are allowed

    def __call__(
        self, recording: Recording, media: MediaInfo, timeline: Timeline, scratch: Path, progress: Progress
    ) -> RenditionLadder:
        defaults = self.default_encoding(media)
        large = replay_size(media, self.large_side_px)
        sample_count = self._sample_count(media, timeline)
        if sample_count < MIN_SAMPLES:
            return replace(defaults, unmeasured_reason="the show is too short for samples")
        starts = choose_sample_starts(media, timeline, sample_count, self.keyframe_interval_s)
        spans = [Span(start, start + self.keyframe_interval_s) for start in starts]
        folder = scratch / "samples"
        folder.mkdir()
        try:
            samples = decode_samples(recording, media, timeline, spans, SampleDestination(folder, large))
            if samples is None:
                return replace(defaults, unmeasured_reason="no sample could be decoded")
            budget = self._budget(samples, timeline.duration, _max_frame_rate(media), len(spans))
            search_input = SearchInput(
                samples, budget, _max_frame_rate(media), passthrough_blocker(media, timeline, large) is None
            )
            return self._search(defaults, search_input, progress)
        finally:
            shutil.rmtree(folder)

    def default_encoding(self, media: MediaInfo) -> RenditionLadder:
        """The renditions with the CRFs of the settings."""
        large, small = (replay_size(media, side) for side in (self.large_side_px, self.small_side_px))
        renditions = [self._h264(large)]
        if self.has_av1:
            renditions.append(
                Rendition("av1", large.width, large.height, str(self.av1_preset), self.av1_params, self.av1_crf)
            )
        if min(small.width, small.height) < min(large.width, large.height):
            renditions.append(self._h264(small))
        return RenditionLadder(tuple(renditions), self.keyframe_interval_s)

    def _h264(self, size: PixelSize) -> Rendition:
        return Rendition("h264", size.width, size.height, self.h264_preset, self.h264_params, self.h264_crf)

    def _sample_count(self, media: MediaInfo, timeline: Timeline) -> int:
        """As many samples as the show's length pays for."""
        length_s = min(self.sampled_share * timeline.duration, self.max_sampled_s)
        size = replay_size(media, self.large_side_px)
        sample_bytes = size.width * size.height * 1.5 * _max_frame_rate(media) * self.keyframe_interval_s
        return int(min(length_s / self.keyframe_interval_s, MAX_SAMPLES_BYTES / sample_bytes))

    def _budget(self, samples: VideoSamples, duration: Seconds, frame_rate: float, sample_count: int) -> ProbeBudget:
        show, sampled = (
            VideoWorkload(length_s * frame_rate, samples.size, length_s * samples.source_kbps / 1000)
            for length_s in (duration, samples.duration_s)
        )
        return ProbeBudget(self.search_share, show, sampled, sample_count)

    def _search(self, requested: RenditionLadder, search_input: SearchInput, progress: Progress) -> RenditionLadder:
        target = VmafScore(self.target_vmaf, self.target_vmaf_low)
        search = RenditionSearch(
            search_input, max(MIN_KBPS, self.max_source_share * search_input.samples.source_kbps), target
        )
        for number in range(len(requested.renditions)):
            search.choose(requested, number)
            progress((number + 1) / (len(requested.renditions) + 1))
        measures = tuple(search.measures())
        renditions = tuple(choice.rendition for choice in search.chosen)
        samples = search_input.samples
        encoding = RenditionLadder(
            renditions, self.keyframe_interval_s, measures, samples.duration_s, round(samples.source_kbps, 3)
        )
        return replace(encoding, skipped_renditions=tuple(search.left_out))


def replay_size(media: MediaInfo, shorter_side_px: int) -> PixelSize:
    """The size of the whole replay: the first file's, its shorter side at most this, both sides even."""
    video = media.files[0].video
    scale = min(1.0, shorter_side_px / min(video.width, video.height))
    return PixelSize(
        max(2, round(video.width * scale / 2 - 0.01) * 2), max(2, round(video.height * scale / 2 - 0.01) * 2)
    )


def _max_frame_rate(media: MediaInfo) -> float:
    return max(1.0, *(file.video.frame_rate for file in media.files))
