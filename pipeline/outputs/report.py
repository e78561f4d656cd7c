"""report.json: what a session cost by stage, the renditions of its replay, and warnings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Literal

from domain.audio import ReplayAudio
from domain.clock import Cut, Repair, Seconds, Timeline
from domain.replay import PackagedRendition, RenditionLadder, RenditionMeasurement, Replay, SkippedRendition
from domain.session import Session
from domain.speech import Captions, Transcript, captions_in_replay
from pipeline.engine.plan import SessionPlan
from pipeline.engine.store import INPUT_STAGE, ArtefactRef, Receipt, Store
from pipeline.engine.tool_versions import runtime_versions
from pipeline.outputs.speech_report import SpeechReport, build_speech_report, speech_warnings


@dataclass(frozen=True, slots=True)
class StageCost:
    """What one stage cost, over all its parts, whichever run made them. `tasks_run`: how many the last run made.

    `peak_memory_mb` is that of the largest process, the worker itself or a program that it started.
    """

    stage: str
    tasks: int
    tasks_run: int
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class QualityReport:
    """A rendition's quality on samples of the show, at its crf: the mean of VMAF, and that of the worst 5 % of frames.

    `saved_to_veryfast` is the share of bits that it saves against plain x264 veryfast at the same VMAF. The processor
    time of encoding is divided among the renditions in proportion to that of their samples: `cpu_seconds_per_hour` of
    the show. `missed` says why VMAF is below the target. VMAF is null for a passthrough.
    """

    vmaf: float | None
    vmaf_low: float | None
    saved_to_veryfast: float | None
    cpu_seconds_per_hour: float
    missed: str = ""


@dataclass(frozen=True, slots=True)
class SearchReport:
    """The search for each rendition's crf: the seconds of samples, and its processor time as a share of the encode's.

    `unmeasured` says why there were no samples; then the crf comes from the settings.
    """

    sampled_seconds: float
    cpu_share: float | None
    unmeasured: str = ""


@dataclass(frozen=True, slots=True)
class RenditionReport:
    """One rendition of the video, packaging included. `crf` is its encoder's constant quality.

    `is_copy`: it is the recording's own video, except for `encoded_seconds` that had to be encoded. `raised_parts`
    were encoded at a higher crf, to be no larger than the recording. `saved_to_source` is the share of bits that its
    video saves against the recorded video, over the whole show; `quality` is measured on samples.
    """

    name: str
    width: int
    height: int
    size_bytes: int
    kilobits_per_second: float
    crf: int
    is_copy: bool = False
    encoded_seconds: Seconds = 0.0
    raised_parts: int = 0
    saved_to_source: float | None = None
    quality: QualityReport | None = None


@dataclass(frozen=True, slots=True)
class AudioReport:
    """The replay's audio. `recorded_lufs` is None where the show is silent; `gain_db` was added throughout."""

    recorded_lufs: float | None
    gain_db: float


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """The encode. `kilobits_per_second` counts all renditions, audio and packaging. `sound`: None where there is none.

    `left_out`: renditions that would be larger than the recording.
    """

    width: int
    height: int
    size_bytes: int
    kilobits_per_second: float
    renditions: tuple[RenditionReport, ...] = ()
    sound: AudioReport | None = None
    search: SearchReport | None = None
    left_out: tuple[SkippedRendition, ...] = ()


SECONDS_PER_MINUTE, SECONDS_PER_HOUR = 60, 3600
MAX_LISTED = 100  # of cuts and of repairs: a recording may have thousands, and all are in the Timeline's artefact


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """What was wrong with the recording. Counts are of all; `repairs` are the first hundred, on the recording clock."""

    cuts_in_all: int = 0
    seconds_left_out: float = 0.0
    repairs_in_all: int = 0
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """report.json. `artefacts` are the keys that the results were made from.

    `cuts` are the first hundred stretches that the replay leaves out. `title` and `started_at`: the session's.
    `speech` is null where captions were given.
    """

    schema_version: Literal["1.0"]
    session_id: str
    duration: Seconds
    stages: tuple[StageCost, ...]
    cpu_seconds: float
    peak_memory_mb: float
    replay: ReplayReport
    cuts: tuple[Cut, ...]
    warnings: tuple[str, ...]
    versions: Mapping[str, str]
    artefacts: Mapping[str, str]
    recording: RecordingReport = RecordingReport()
    title: str = ""
    started_at: datetime | None = None
    speech: SpeechReport | None = None


def build_report(store: Store, plan: SessionPlan, computed: Iterable[ArtefactRef], warnings: tuple[str, ...]) -> Report:
    """The report of a session whose plan is complete. `computed` are the artefacts that this run made."""
    receipts = {ref: store.receipt(ref) for ref in plan.refs()}
    stage_receipts = {ref: receipt for ref, receipt in receipts.items() if receipt.stage != INPUT_STAGE}
    timeline, session = plan.load(Timeline), plan.load(Session)
    costs = _costs(stage_receipts, frozenset(computed))
    speech = build_speech_report(plan.load(Transcript))
    return Report(
        schema_version="1.0",
        session_id=session.id,
        duration=timeline.duration,
        stages=costs,
        cpu_seconds=round(sum(cost.cpu_seconds for cost in costs), 3),
        peak_memory_mb=max((cost.peak_memory_mb for cost in costs), default=0.0),
        replay=_replay_report(plan, _cpu_seconds_by_output(plan, receipts, costs)),
        cuts=timeline.cuts[:MAX_LISTED],
        warnings=_unique(
            warnings,
            _stage_warnings(store, stage_receipts),
            _caption_warnings(plan, timeline),
            speech_warnings(speech, _sound_minutes(plan, timeline)),
        ),
        versions=runtime_versions()
        | {name: value for receipt in stage_receipts.values() for name, value in receipt.tools.items()},
        artefacts={name: ref.key for name, ref in plan.refs_by_kind().items()},
        recording=_recording_report(timeline),
        title=session.title,
        started_at=session.started_at,
        speech=speech,
    )


def _unique(*warnings: tuple[str, ...]) -> tuple[str, ...]:
    """All warnings in order, each once."""
    return tuple(dict.fromkeys(chain(*warnings)))


def _sound_minutes(plan: SessionPlan, timeline: Timeline) -> float:
    """The minutes of the show; 0 where it is silent."""
    is_silent = plan.load(ReplayAudio).recorded_lufs is None
    return 0.0 if is_silent else timeline.duration / SECONDS_PER_MINUTE


def _caption_warnings(plan: SessionPlan, timeline: Timeline) -> tuple[str, ...]:
    """A warning where captions lie at times that the replay does not show."""
    if not plan.has(Captions):
        return ()
    captions = plan.load(Captions)
    count = len(captions.captions) - len(captions_in_replay(captions, timeline))
    warning = f"{count} of {len(captions.captions)} captions lie outside what the replay shows and are set aside"
    return (warning,) if count else ()


def _recording_report(timeline: Timeline) -> RecordingReport:
    left_out = round(sum(cut.duration for cut in timeline.cuts), 3)
    return RecordingReport(len(timeline.cuts), left_out, len(timeline.repairs), timeline.repairs[:MAX_LISTED])


def _costs(receipts: Mapping[ArtefactRef, Receipt], computed: frozenset[ArtefactRef]) -> tuple[StageCost, ...]:
    by_stage: dict[str, list[ArtefactRef]] = defaultdict(list)
    for ref, receipt in receipts.items():
        by_stage[receipt.stage].append(ref)
    return tuple(_cost(stage, refs, receipts, computed) for stage, refs in by_stage.items())


def _cost(
    stage: str,
    refs: list[ArtefactRef],
    receipts_by_ref: Mapping[ArtefactRef, Receipt],
    computed: frozenset[ArtefactRef],
) -> StageCost:
    receipts = [receipts_by_ref[ref] for ref in refs]
    return StageCost(
        stage,
        len(refs),
        sum(ref in computed for ref in refs),
        round(sum(receipt.wall_seconds for receipt in receipts), 3),
        round(sum(receipt.cpu_seconds for receipt in receipts), 3),
        max(receipt.peak_memory_mb for receipt in receipts),
    )


def _cpu_seconds_by_output(
    plan: SessionPlan, receipts: Mapping[ArtefactRef, Receipt], costs: Iterable[StageCost]
) -> dict[type, float]:
    """Processor seconds of the stages that chose the renditions and that encoded the video, by their output."""
    cpu_by_stage = {cost.stage: cost.cpu_seconds for cost in costs}
    return {kind: cpu_by_stage[receipts[plan.ref(kind)].stage] for kind in (RenditionLadder, Replay)}


def _replay_report(plan: SessionPlan, cpu_by_output: Mapping[type, float]) -> ReplayReport:
    replay, audio, ladder = plan.load(Replay), plan.load(ReplayAudio), plan.load(RenditionLadder)
    encode_cpu_s = cpu_by_output[Replay]
    quality = _quality_by_name(ladder, encode_cpu_s * SECONDS_PER_HOUR / replay.duration)
    share = round(cpu_by_output[RenditionLadder] / max(encode_cpu_s, 0.001), 4) if ladder.measurements else None
    return ReplayReport(
        replay.width,
        replay.height,
        replay.size_bytes,
        _kilobits_per_second(replay.size_bytes, replay.duration),
        tuple(_rendition_report(each, replay, quality.get(each.rendition.name)) for each in replay.renditions),
        None if audio.file is None else AudioReport(audio.recorded_lufs, audio.gain_db),
        SearchReport(ladder.sampled_s, share, ladder.unmeasured_reason),
        ladder.skipped_renditions + replay.skipped_renditions,
    )


def _quality_by_name(encoding: RenditionLadder, cpu_seconds_per_hour: float) -> dict[str, QualityReport]:
    sampled_cpu_s = sum(measure.cpu_seconds for measure in encoding.measurements)
    return {
        measure.name: _quality_report(measure, cpu_seconds_per_hour * measure.cpu_seconds / max(sampled_cpu_s, 0.001))
        for measure in encoding.measurements
    }


def _quality_report(measure: RenditionMeasurement, cpu_seconds_per_hour: float) -> QualityReport:
    mean, low = (
        (None, None) if measure.vmaf is None else (round(measure.vmaf.mean, 2), round(measure.vmaf.worst_5_percent, 2))
    )
    return QualityReport(
        mean, low, measure.saving_over_veryfast, round(cpu_seconds_per_hour, 1), measure.missed_target_reason
    )


def _rendition_report(encoded: PackagedRendition, replay: Replay, quality: QualityReport | None) -> RenditionReport:
    rendition, rate = encoded.rendition, _kilobits_per_second(encoded.size_bytes, replay.duration)
    size = (rendition.width, rendition.height, encoded.size_bytes)
    saved = round(1 - encoded.video_bytes / replay.source_video_bytes, 4) if replay.source_video_bytes else None
    report = RenditionReport(
        rendition.name, *size, rate, rendition.crf, rendition.is_passthrough, round(encoded.reencoded_duration, 3)
    )
    return replace(report, raised_parts=encoded.raised_crf_parts, saved_to_source=saved, quality=quality)


def _kilobits_per_second(size_bytes: int, duration: Seconds) -> float:
    return round(size_bytes * 8 / 1000 / duration, 1)


def _stage_warnings(store: Store, receipts: Mapping[ArtefactRef, Receipt]) -> tuple[str, ...]:
    """The warnings of stages: those in the field `warnings` of their artefacts."""
    refs_with_warnings = [ref for ref in receipts if "warnings" in getattr(ref.kind, "__dataclass_fields__", {})]
    return tuple(warning for ref in refs_with_warnings for warning in store.load(ref).warnings)
