"""The choice of renditions by trials on samples: what each is encoded as, which is copied or left out, and measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.replay import Rendition, RenditionLadder, RenditionMeasurement, SkippedRendition, VmafScore
from media.encode.crf_ranges import H264_CRF_RANGE, crf_range_of, equivalent_h264_crf
from media.encode.crf_search import CrfChoice, CrfRange, QualityTarget, search_crf
from media.encode.probe_budget import ProbeBudget
from media.encode.probe_encodes import ProbeEncode, interpolate_kbps
from media.encode.samples import VideoSamples
from media.images import PixelSize

MIN_CRF_DISTANCE = (
    2  # two qualities of x264 veryfast are at least so far apart, for a line through them to tell something
)
MAX_CRF_DISTANCE = 8


@dataclass(frozen=True, slots=True)
class SearchInput:
    """What is tried, and how often it may be; `can_passthrough`: the recording's picture could be the first
    rendition.
    """

    samples: VideoSamples
    source_kbps: float
    budget: ProbeBudget
    frame_rate: float
    can_passthrough: bool


@dataclass(frozen=True, slots=True)
class ChosenRendition:
    """A rendition that will be made: what was tried, what was found, and whether the recorded picture is copied.

    A copy is no larger than the recording, and loses nothing; it is taken where an encode of the wanted quality would
    be larger.
    """

    probe: ProbeEncode
    crf_choice: CrfChoice
    is_passthrough: bool

    @property
    def rendition(self) -> Rendition:
        return replace(self.probe.rendition, crf=self.crf_choice.crf, is_passthrough=self.is_passthrough)


@dataclass
class RenditionSearch:
    """Chooses one rendition after the other; what is chosen is `chosen`. The limit is in kilobits a second."""

    search_input: SearchInput
    max_kbps: float
    target_vmaf: VmafScore
    probes: list[ProbeEncode] = field(default_factory=list)
    chosen: list[ChosenRendition] = field(default_factory=list)
    left_out: list[SkippedRendition] = field(default_factory=list)
    crf_bias: int = 0

    def choose(self, encoding: RenditionLadder, number: int) -> None:
        """The next rendition of `encoding`. The last one is taken whatever its rate is if there is no other."""
        rendition, later = encoding.renditions[number], encoding.renditions[number + 1 :]
        can_passthrough = number == 0 and self.search_input.can_passthrough
        probe = ProbeEncode(rendition.name, rendition, self.search_input.samples, encoding.keyframe_interval_s)
        self.probes.append(probe)
        crf_range = crf_range_of(rendition, self.search_input.frame_rate, self.max_kbps, self.crf_bias)
        to_encode = later if can_passthrough else (rendition, *later)
        quality_target = QualityTarget(self.max_kbps, self.target_vmaf, can_passthrough)
        crf_choice = search_crf(
            probe.measure_kbps,
            probe.measure_vmaf,
            crf_range,
            quality_target,
            lambda: self._is_probe_affordable(rendition, later, to_encode),
        )
        if number == 0:
            self.crf_bias = self._crf_bias(probe, crf_range)
        is_passthrough = can_passthrough and (crf_choice is None or crf_choice.is_rate_limited)
        if crf_choice is None and not is_passthrough and (later or self.chosen):
            self.left_out.append(SkippedRendition(rendition.name, "is larger than the recorded picture at any quality"))
        else:
            self.chosen.append(
                ChosenRendition(
                    probe, crf_choice or CrfChoice(crf_range.encoder_max_crf, is_rate_limited=True), is_passthrough
                )
            )

    def measures(self) -> Iterator[RenditionMeasurement]:
        """What is known of each choice, in order."""
        baselines: dict[PixelSize, ProbeEncode] = {}
        quality_target = QualityTarget(self.max_kbps, self.target_vmaf)
        for chosen_rendition in self.chosen:
            probe, crf = chosen_rendition.probe, chosen_rendition.crf_choice.crf
            if chosen_rendition.is_passthrough:
                yield RenditionMeasurement(
                    probe.rendition.name, round(self.search_input.source_kbps, 3), None, None, 0.0
                )
                continue
            measured_vmaf = probe.measure_vmaf(crf)
            saved_share = self._saved_share(chosen_rendition, baselines, measured_vmaf.mean)
            cpu_seconds, missed_reason = (
                round(probe.cpu_s_by_crf[crf], 3),
                _missed_reason(quality_target, measured_vmaf, chosen_rendition.crf_choice),
            )
            yield RenditionMeasurement(
                probe.rendition.name,
                round(probe.kbps_by_crf[crf], 3),
                measured_vmaf,
                saved_share,
                cpu_seconds,
                missed_reason,
            )

    def _saved_share(
        self, chosen_rendition: ChosenRendition, baselines: dict[PixelSize, ProbeEncode], mean_vmaf: float
    ) -> float | None:
        """The share of bits spared of plain x264 veryfast; None where it is too far off, or there is no time to try."""
        baseline = baselines.setdefault(
            PixelSize(chosen_rendition.rendition.width, chosen_rendition.rendition.height),
            _baseline_probe(chosen_rendition.probe),
        )
        if not baseline.vmaf_by_crf:
            cost_s = 2 * self.search_input.budget.probe_cost_s(baseline.rendition)
            if not self._is_within_budget(cost_s, [each.rendition for each in self.chosen if not each.is_passthrough]):
                return None
            self.probes.append(baseline)
            _measure_around(baseline, mean_vmaf, equivalent_h264_crf(chosen_rendition.rendition))
        baseline_kbps = interpolate_kbps(baseline, mean_vmaf)
        return (
            None
            if baseline_kbps is None
            else round(1 - chosen_rendition.probe.kbps_by_crf[chosen_rendition.crf_choice.crf] / baseline_kbps, 4)
        )

    def _is_probe_affordable(
        self, rendition: Rendition, later: Sequence[Rendition], to_encode: Sequence[Rendition]
    ) -> bool:
        """Whether this one can be looked at once more, and each later one after it."""
        cost_s = sum(self.search_input.budget.probe_cost_s(each) for each in (rendition, *later))
        return self._is_within_budget(
            cost_s, [*(each.rendition for each in self.chosen if not each.is_passthrough), *to_encode]
        )

    def _is_within_budget(self, cost_s: float, renditions: Sequence[Rendition]) -> bool:
        return self.search_input.budget.spent_s(self.probes) + cost_s <= self.search_input.budget.allowed_s(renditions)

    def _crf_bias(self, probe: ProbeEncode, crf_range: CrfRange) -> int:
        """By how many CRFs the guess was too low; H.264's."""
        fitting_crf = min(
            (crf for crf, rate in probe.kbps_by_crf.items() if rate <= self.max_kbps), default=crf_range.encoder_max_crf
        )
        return fitting_crf - max(crf_range.start_crf, crf_range.guessed_crf)


def _missed_reason(quality_target: QualityTarget, measured_vmaf: VmafScore, crf_choice: CrfChoice) -> str:
    if quality_target.margin(measured_vmaf) >= 0:
        return ""
    return (
        "its picture must not be larger than the recorded one"
        if crf_choice.is_rate_limited
        else "no better quality is tried"
    )


def _baseline_probe(probe: ProbeEncode) -> ProbeEncode:
    """Plain x264 veryfast at the same size: all else as its authors set it."""
    rendition = Rendition(
        "h264", probe.rendition.width, probe.rendition.height, "veryfast", "", H264_CRF_RANGE.start_crf
    )
    return ProbeEncode(f"veryfast-{rendition.name}", rendition, probe.samples, probe.keyframe_interval_s)


def _measure_around(baseline: ProbeEncode, mean_vmaf: float, near_crf: int) -> None:
    """Score the rival at two CRFs, the second towards the VMAF at which it is to be compared."""
    crf_distance = (baseline.measure_vmaf(near_crf).mean - mean_vmaf) / H264_CRF_RANGE.vmaf_per_crf
    steps = max(MIN_CRF_DISTANCE, min(MAX_CRF_DISTANCE, round(abs(crf_distance)) + 1))
    baseline.measure_vmaf(
        min(H264_CRF_RANGE.encoder_max_crf, max(0, near_crf + (steps if crf_distance > 0 else -steps)))
    )
