"""Choose the renditions of the replay by probe encodes of samples of the show."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.clock import Span, Timeline
from domain.progress import Progress
from domain.recording import MediaInfo
from domain.replay import Rendition, RenditionLadder, VmafScore
from domain.session import Recording
from media.encode.packet_bytes import recorded_video_kbps
from media.encode.passthrough_check import passthrough_blocker
from media.encode.probe_budget import ProbeBudget, VideoWorkload
from media.encode.recorded_span import recorded_span
from media.encode.rendition_search import RenditionSearch, SearchInput
from media.encode.samples import SampleFormat, choose_sample_starts, decode_samples
from media.images import PixelSize
from pipeline.engine.sandbox import read_sandboxed
from pipeline.engine.stage import Needs

MIN_SAMPLES = 1
MAX_SAMPLES_BYTES = 2_000_000_000  # of uncompressed frames in the scratch folder
MIN_KBPS = 0.001  # where the recorded video has no bytes


@dataclass(frozen=True)
class ChooseRenditions:
    """Choose sizes, codecs and CRFs of the renditions: H.264 and AV1 at the large size, H.264 at the small one.

    No rendition is larger than the recording, and none comes twice. Samples are encoded and scored to find, for each
    rendition, the highest CRF that takes fewer bits than the recorded video and, where possible, reaches the target
    VMAF, within `search_share` of the encode's work. Shows too short for samples get the CRFs of the settings.
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
        sample_count = self._sample_count(media, timeline)
        if sample_count < MIN_SAMPLES:
            return replace(defaults, unmeasured_reason="the show is too short for samples")
        starts = choose_sample_starts(media, timeline, sample_count, self.keyframe_interval_s)
        sources = [
            recorded_span(recording, media, timeline, Span(start, start + self.keyframe_interval_s)) for start in starts
        ]
        folder = scratch / "samples"
        folder.mkdir()
        try:
            large = replay_size(media, self.large_side_px)
            samples = decode_samples(sources, SampleFormat(folder, large, self.keyframe_interval_s))
            if samples is None:
                return replace(defaults, unmeasured_reason="no sample could be decoded")
            source_kbps = read_sandboxed(
                [source.path for source in samples.sources], recorded_video_kbps, samples=samples.sources
            )
            frame_rate = _max_frame_rate(media)
            show, sampled = (
                VideoWorkload(length_s * frame_rate, large, length_s * source_kbps / 1000)
                for length_s in (timeline.duration, samples.duration_s)
            )
            budget = ProbeBudget(self.search_share, show, sampled, len(starts))
            can_passthrough = passthrough_blocker(media, timeline, large) is None
            search_input = SearchInput(samples, source_kbps, budget, frame_rate, can_passthrough)
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

    def _search(self, requested: RenditionLadder, search_input: SearchInput, progress: Progress) -> RenditionLadder:
        target = VmafScore(self.target_vmaf, self.target_vmaf_low)
        max_kbps = max(MIN_KBPS, self.max_source_share * search_input.source_kbps)
        search = RenditionSearch(search_input, max_kbps, target)
        for number in range(len(requested.renditions)):
            search.choose(requested, number)
            progress((number + 1) / (len(requested.renditions) + 1))
        return RenditionLadder(
            tuple(choice.rendition for choice in search.chosen),
            self.keyframe_interval_s,
            tuple(search.measures()),
            search_input.samples.duration_s,
            round(search_input.source_kbps, 3),
            skipped_renditions=tuple(search.left_out),
        )


def replay_size(media: MediaInfo, shorter_side_px: int) -> PixelSize:
    """The size of the whole replay: the first file's, its shorter side at most `shorter_side_px`, both sides even."""
    video = media.files[0].video
    scale = min(1.0, shorter_side_px / min(video.width, video.height))
    return PixelSize(
        max(2, round(video.width * scale / 2 - 0.01) * 2), max(2, round(video.height * scale / 2 - 0.01) * 2)
    )


def _max_frame_rate(media: MediaInfo) -> float:
    return max(1.0, *(file.video.frame_rate for file in media.files))
