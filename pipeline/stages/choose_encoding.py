"""Choose what the replay's picture is encoded as, by samples of the show."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from domain.clock import Span, Timeline
from domain.encoding import Encoding, LeftOut, Measure, Rendition, Vmaf
from domain.media import MediaInfo
from domain.session import Recording
from pipeline.copying import obstacle
from pipeline.crf_search import Crfs, Found, Wish, search
from pipeline.frames import Size
from pipeline.samples import Into, Samples, places, take
from pipeline.stage import Needs, Progress
from pipeline.trials import Trial, rate_at

H264 = Crfs(start=24, lowest=16, highest=32, last=51, halving=6.0, slope=0.8)
AV1 = Crfs(start=35, lowest=20, highest=50, last=63, halving=10.0, slope=0.4)
"""Beyond `highest` small text blurs, whatever VMAF says. Halving and slope: of rooms drawn by code, at 720p."""

FEWEST_SAMPLES = 1
LARGEST_SAMPLES_BYTES = 2_000_000_000  # of uncompressed pictures in the scratch folder
NEAREST_CRFS = 2  # two qualities of x264 veryfast are at least so far apart, for a line through them to tell something
FARTHEST_CRFS = 8


@dataclass(frozen=True)
class ChooseEncoding:
    """H.264 and AV1 at the large size and H.264 at the small one; never larger than the recording, none twice.

    Samples are encoded and scored to find, for each, the highest CRF at which its pictures take fewer bits than the
    recorded ones and, if that can be, reach the target VMAF. Shows too short for samples get the CRFs of the settings.
    """

    version: ClassVar[int] = 2
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
            can_copy = obstacle(media, timeline, large) is None
            return self._chosen(wanted, samples, can_copy, progress)
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
        rate = max(file.video.frame_rate for file in media.files)
        sample_bytes = size.width * size.height * 1.5 * max(1.0, rate) * self.key_frame_every_s
        return int(min(length_s / self.key_frame_every_s, LARGEST_SAMPLES_BYTES / sample_bytes))

    def _chosen(self, wanted: Encoding, samples: Samples, can_copy: bool, progress: Progress) -> Encoding:
        wish = Wish(self.most_of_source * samples.source_kbps, Vmaf(self.target_vmaf, self.target_vmaf_low))
        choices: list[_Choice] = []
        left_out: list[LeftOut] = []
        for number, rendition in enumerate(wanted.renditions):
            trial = Trial(rendition.name, rendition, samples, self.key_frame_every_s)
            found = search(trial.rate, trial.score, _crfs(rendition), wish)
            is_copy = number == 0 and can_copy and (found is None or found.is_bound)
            is_last = number + 1 == len(wanted.renditions) and not choices
            if found is None and not is_copy and not is_last:
                left_out.append(LeftOut(rendition.name, "is larger than the recorded picture at any quality"))
            else:
                choices.append(_Choice(trial, found or Found(_crfs(rendition).last, is_bound=True), is_copy))
            progress((number + 1) / (len(wanted.renditions) + 1))
        measures = tuple(_measured(choices, wish))
        renditions = tuple(choice.rendition for choice in choices)
        told = Encoding(renditions, self.key_frame_every_s, measures, samples.length_s, round(samples.source_kbps, 3))
        return replace(told, left_out=tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Choice:
    """A rendition that will be made: what was tried, what was found, and whether the recorded picture is copied.

    A copy is no larger than the recording, and loses nothing; it is taken where an encode of the wanted quality would
    be larger.
    """

    trial: Trial
    found: Found
    is_copy: bool

    @property
    def rendition(self) -> Rendition:
        return replace(self.trial.rendition, crf=self.found.crf, is_copy=self.is_copy)


def _measured(choices: Sequence[_Choice], wish: Wish) -> Iterator[Measure]:
    rivals: dict[Size, Trial] = {}
    for choice in choices:
        trial, crf = choice.trial, choice.found.crf
        if choice.is_copy:
            yield Measure(trial.rendition.name, round(trial.samples.source_kbps, 3), None, None, 0.0)
            continue
        size = Size(trial.rendition.width, trial.rendition.height)
        rival = rivals.setdefault(size, _rival(trial))
        reached = trial.score(crf)
        _score_around(rival, reached.mean, crf if trial.rendition.codec == "h264" else H264.start)
        theirs, ours = rate_at(rival, reached.mean), trial.rates[crf]
        saved = None if theirs is None else round(1 - ours / theirs, 4)
        cpu_seconds, missed = round(trial.cpu_seconds[crf], 3), _missed(wish, reached, choice.found)
        yield Measure(trial.rendition.name, round(ours, 3), reached, saved, cpu_seconds, missed)


def _crfs(rendition: Rendition) -> Crfs:
    return replace(AV1 if rendition.codec == "av1" else H264, start=rendition.crf)


def _missed(wish: Wish, reached: Vmaf, found: Found) -> str:
    if wish.spare(reached) >= 0:
        return ""
    return "its picture must not be larger than the recorded one" if found.is_bound else "no better quality is tried"


def _rival(trial: Trial) -> Trial:
    """Plain x264 veryfast at the same size: all else as its authors set it."""
    rendition = Rendition("h264", trial.rendition.width, trial.rendition.height, "veryfast", "", H264.start)
    return Trial(f"veryfast-{rendition.name}", rendition, trial.samples, trial.key_frame_every_s)


def _score_around(rival: Trial, mean_vmaf: float, near_crf: int) -> None:
    """Score the rival at two CRFs, the second towards the VMAF at which it is to be compared."""
    if rival.scores:
        return
    away = (rival.score(near_crf).mean - mean_vmaf) / H264.slope
    steps = max(NEAREST_CRFS, min(FARTHEST_CRFS, round(abs(away)) + 1))
    rival.score(min(H264.last, max(0, near_crf + (steps if away > 0 else -steps))))


def replay_size(media: MediaInfo, shorter_side_px: int) -> Size:
    """The size of the whole replay: the first file's, its shorter side at most this, both sides even."""
    video = media.files[0].video
    scale = min(1.0, shorter_side_px / min(video.width, video.height))
    return Size(max(2, round(video.width * scale / 2 - 0.01) * 2), max(2, round(video.height * scale / 2 - 0.01) * 2))
