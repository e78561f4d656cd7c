"""The choice of renditions by probe encodes: the CRF of each, which is passed through or skipped, and measurements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from domain.replay import Rendition, RenditionLadder, RenditionMeasurement, SkippedRendition, VmafScore
from media.encode.crf_ranges import CRF_RANGES, crf_range_of, equivalent_h264_crf
from media.encode.crf_search import CrfChoice, CrfRange, QualityTarget, search_crf
from media.encode.probe_budget import ProbeBudget
from media.encode.probe_encodes import ProbeEncode, interpolate_kbps
from media.encode.samples import VideoSamples
from media.images import PixelSize

MIN_CRF_DISTANCE, MAX_CRF_DISTANCE = 2, 8  # of the two CRFs of the baseline that its rate is interpolated between


@dataclass(frozen=True, slots=True)
class SearchInput:
    """Samples to try encoders on, whose recorded video has `source_kbps`, and the budget for that.

    `can_passthrough`: the recorded video could be the first rendition.
    """

    samples: VideoSamples
    source_kbps: float
    budget: ProbeBudget
    frame_rate: float
    can_passthrough: bool


@dataclass(frozen=True, slots=True)
class ChosenRendition:
    """A rendition that will be made, with its probe encodes.

    `is_passthrough`: the recorded video itself, where an encode of the target quality would be larger than it.
    """

    probe: ProbeEncode
    crf_choice: CrfChoice
    is_passthrough: bool

    @property
    def rendition(self) -> Rendition:
        return replace(self.probe.rendition, crf=self.crf_choice.crf, is_passthrough=self.is_passthrough)


@dataclass
class RenditionSearch:
    """Chooses one rendition after the other, each within `max_kbps`. Results: `chosen` and `left_out`."""

    search_input: SearchInput
    max_kbps: float
    target_vmaf: VmafScore
    probes: list[ProbeEncode] = field(default_factory=list)
    chosen: list[ChosenRendition] = field(default_factory=list)
    left_out: list[SkippedRendition] = field(default_factory=list)
    crf_bias: int = 0

    def choose(self, encoding: RenditionLadder, number: int) -> None:
        """Choose rendition `number` of `encoding`. The last one is taken at any bitrate if there is no other."""
        rendition, later = encoding.renditions[number], encoding.renditions[number + 1 :]
        can_passthrough = number == 0 and self.search_input.can_passthrough
        probe = ProbeEncode(rendition.name, rendition, self.search_input.samples, encoding.keyframe_interval_s)
        self.probes.append(probe)
        crf_range = crf_range_of(rendition, self.search_input.frame_rate, self.max_kbps, self.crf_bias)
        to_encode = later if can_passthrough else (rendition, *later)
        crf_choice = search_crf(
            probe.measure_kbps,
            probe.measure_vmaf,
            crf_range,
            QualityTarget(self.max_kbps, self.target_vmaf, can_passthrough),
            lambda: self._is_probe_affordable(rendition, later, to_encode),
        )
        if number == 0:
            self.crf_bias = self._crf_bias(probe, crf_range)
        is_passthrough = can_passthrough and (crf_choice is None or crf_choice.is_rate_limited)
        if crf_choice is None and not is_passthrough and (later or self.chosen):
            self.left_out.append(SkippedRendition(rendition.name, "is larger than the recorded picture at any quality"))
            return
        crf_choice = crf_choice or CrfChoice(crf_range.encoder_max_crf, is_rate_limited=True)
        self.chosen.append(ChosenRendition(probe, crf_choice, is_passthrough))

    def measures(self) -> Iterator[RenditionMeasurement]:
        """A measurement of each chosen rendition, in order."""
        baselines: dict[PixelSize, ProbeEncode] = {}
        for chosen in self.chosen:
            name, crf = chosen.rendition.name, chosen.crf_choice.crf
            if chosen.is_passthrough:
                yield RenditionMeasurement(name, round(self.search_input.source_kbps, 3), None, None, 0.0)
                continue
            vmaf = chosen.probe.measure_vmaf(crf)
            saved_share = self._saved_share(chosen, baselines, vmaf.mean)
            kbps, cpu_s = round(chosen.probe.kbps_by_crf[crf], 3), round(chosen.probe.cpu_s_by_crf[crf], 3)
            missed_reason = self._missed_reason(vmaf, chosen.crf_choice)
            yield RenditionMeasurement(name, kbps, vmaf, saved_share, cpu_s, missed_reason)

    def _saved_share(
        self, chosen: ChosenRendition, baselines: dict[PixelSize, ProbeEncode], mean_vmaf: float
    ) -> float | None:
        """The share of bits saved over plain x264 veryfast; None where that is too far off, or over budget."""
        size = PixelSize(chosen.rendition.width, chosen.rendition.height)
        baseline = baselines.setdefault(size, _baseline_probe(chosen.probe))
        if not baseline.vmaf_by_crf:
            cost_s = 2 * self.search_input.budget.probe_cost_s(baseline.rendition)
            if not self._is_within_budget(cost_s, self._encoded()):
                return None
            self.probes.append(baseline)
            _measure_around(baseline, mean_vmaf, equivalent_h264_crf(chosen.rendition))
        baseline_kbps = interpolate_kbps(baseline, mean_vmaf)
        kbps = chosen.probe.kbps_by_crf[chosen.crf_choice.crf]
        return None if baseline_kbps is None else round(1 - kbps / baseline_kbps, 4)

    def _is_probe_affordable(
        self, rendition: Rendition, later: Sequence[Rendition], to_encode: Sequence[Rendition]
    ) -> bool:
        """Whether the budget allows one more probe encode of this rendition and of each later one."""
        cost_s = sum(self.search_input.budget.probe_cost_s(each) for each in (rendition, *later))
        return self._is_within_budget(cost_s, [*self._encoded(), *to_encode])

    def _is_within_budget(self, cost_s: float, renditions: Sequence[Rendition]) -> bool:
        return self.search_input.budget.spent_s(self.probes) + cost_s <= self.search_input.budget.allowed_s(renditions)

    def _encoded(self) -> list[Rendition]:
        return [chosen.rendition for chosen in self.chosen if not chosen.is_passthrough]

    def _crf_bias(self, probe: ProbeEncode, crf_range: CrfRange) -> int:
        """By how many H.264 CRFs the guess was too low."""
        fitting_crfs = [crf for crf, kbps in probe.kbps_by_crf.items() if kbps <= self.max_kbps]
        fitting_crf = min(fitting_crfs, default=crf_range.encoder_max_crf)
        return fitting_crf - max(crf_range.start_crf, crf_range.guessed_crf)

    def _missed_reason(self, vmaf: VmafScore, crf_choice: CrfChoice) -> str:
        """Why the target was missed; "" where it was not."""
        if QualityTarget(self.max_kbps, self.target_vmaf).margin(vmaf) >= 0:
            return ""
        is_rate_limited = crf_choice.is_rate_limited
        return (
            "its picture must not be larger than the recorded one" if is_rate_limited else "no better quality is tried"
        )


def _baseline_probe(probe: ProbeEncode) -> ProbeEncode:
    """Plain x264 veryfast at the same size, with x264's own defaults."""
    size, start_crf = (probe.rendition.width, probe.rendition.height), CRF_RANGES["h264"].start_crf
    rendition = Rendition("h264", *size, "veryfast", "", start_crf)
    return ProbeEncode(f"veryfast-{rendition.name}", rendition, probe.samples, probe.keyframe_interval_s)


def _measure_around(baseline: ProbeEncode, mean_vmaf: float, near_crf: int) -> None:
    """Score the baseline at two CRFs, the second one towards `mean_vmaf`, at which it is to be compared."""
    crf_range = CRF_RANGES["h264"]
    crf_distance = (baseline.measure_vmaf(near_crf).mean - mean_vmaf) / crf_range.vmaf_per_crf
    steps = max(MIN_CRF_DISTANCE, min(MAX_CRF_DISTANCE, round(abs(crf_distance)) + 1))
    second_crf = near_crf + (steps if crf_distance > 0 else -steps)
    baseline.measure_vmaf(min(crf_range.encoder_max_crf, max(0, second_crf)))
