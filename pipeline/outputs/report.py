"""report.json: what a session cost by stage, what the replay is like, what people should know."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from domain.clock import Cut, Repair, Seconds, Timeline
from domain.recording import MadeRendition, Replay, ReplayAudio
from domain.replay import Encoding, LeftOut, Measure
from domain.session import Session
from domain.speech import Captions
from pipeline.engine.plan import Plan
from pipeline.engine.store import Receipt, Ref, Store
from pipeline.engine.tool_versions import machine
from pipeline.stages.speech.import_captions import shown_of


@dataclass(frozen=True, slots=True)
class StageCost:
    """What one stage took, over all its parts, whenever they were made. `tasks_run` were made by the last run.

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
    """What a rendition gave on samples of the show, at its crf: VMAF's mean, and that of the lowest 5 % of frames.

    `saved_to_veryfast` is the share of bits that it spares of plain x264 veryfast at the same VMAF. What encoding took
    is shared out to the renditions as encoding the samples as each of them did: `cpu_seconds_per_hour` of the show.
    `missed` says why VMAF is below the target. VMAF is null for a copy.
    """

    vmaf: float | None
    vmaf_low: float | None
    saved_to_veryfast: float | None
    cpu_seconds_per_hour: float
    missed: str = ""


@dataclass(frozen=True, slots=True)
class SearchReport:
    """How the renditions' qualities were chosen: on so many seconds of samples, at this share of the encode's CPU.

    `unmeasured` says why there were no samples; the settings' qualities were taken then.
    """

    sampled_seconds: float
    cpu_share: float | None
    unmeasured: str = ""


@dataclass(frozen=True, slots=True)
class RenditionReport:
    """One rendition of the picture, packaging included. `crf` is its encoder's constant quality.

    `is_copy`: it is the recording's own picture, but for `encoded_seconds` that could not be copied. `raised_parts`
    were encoded at a higher crf, to be no larger than the recording. `saved_to_source` is the share of bits that its
    pictures spare of the recorded ones, over the whole show; `quality` is what samples told.
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
class SoundReport:
    """The replay's sound. `recorded_lufs` is None where the show is silent; `gain_db` was added throughout."""

    recorded_lufs: float | None
    gain_db: float


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """The encode. `kilobits_per_second` counts all pictures, sound and packaging. `sound`: None where there is none.

    `left_out`: renditions that would be larger than the recording.
    """

    width: int
    height: int
    size_bytes: int
    kilobits_per_second: float
    renditions: tuple[RenditionReport, ...] = ()
    sound: SoundReport | None = None
    search: SearchReport | None = None
    left_out: tuple[LeftOut, ...] = ()


SECONDS_AN_HOUR = 3600
MOST_TOLD = 100  # cuts, and as many repairs: a recording may have thousands, and all are in the Timeline's artefact


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

    `cuts` are the first hundred stretches that the replay leaves out. `title` and `started_at` are the session's.
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


def report_on(store: Store, plan: Plan, ran: Iterable[Ref], warnings: tuple[str, ...]) -> Report:
    """The report of a session whose plan is complete. `ran` are the artefacts that this run made."""
    receipts = {ref: store.receipt(ref) for ref in plan.refs()}
    made = {ref: receipt for ref, receipt in receipts.items() if receipt.stage != "given"}
    timeline, replay = store.load(plan.have[Timeline]), store.load(plan.have[Replay])
    session = store.load(plan.have[Session])
    costs = _costs(made, frozenset(ran))
    return Report(
        schema_version="1.0",
        session_id=plan.have[Replay].session_id,
        duration=timeline.duration,
        stages=costs,
        cpu_seconds=round(sum(cost.cpu_seconds for cost in costs), 3),
        peak_memory_mb=max((cost.peak_memory_mb for cost in costs), default=0.0),
        replay=_replay_report(replay, store.load(plan.have[ReplayAudio]), store.load(plan.have[Encoding]), costs),
        cuts=timeline.cuts[:MOST_TOLD],
        warnings=tuple(dict.fromkeys(warnings + _warnings_in(store, made) + _set_aside(store, plan, timeline))),
        versions=machine() | {name: value for receipt in made.values() for name, value in receipt.tools.items()},
        artefacts={ref.kind.__name__: ref.key for ref in plan.have.values()},
        recording=_recording_report(timeline),
        title=session.title,
        started_at=session.started_at,
    )


def _set_aside(store: Store, plan: Plan, timeline: Timeline) -> tuple[str, ...]:
    """A warning where captions speak of times that the replay does not show."""
    if Captions not in plan.have:
        return ()
    captions = store.load(plan.have[Captions])
    count = len(captions.captions) - len(shown_of(captions, timeline))
    told = f"{count} of {len(captions.captions)} captions lie outside what the replay shows and are set aside"
    return (told,) if count else ()


def _recording_report(timeline: Timeline) -> RecordingReport:
    left_out = round(sum(cut.duration for cut in timeline.cuts), 3)
    return RecordingReport(len(timeline.cuts), left_out, len(timeline.repairs), timeline.repairs[:MOST_TOLD])


def _costs(made: Mapping[Ref, Receipt], ran: frozenset[Ref]) -> tuple[StageCost, ...]:
    by_stage: dict[str, list[Ref]] = defaultdict(list)
    for ref, receipt in made.items():
        by_stage[receipt.stage].append(ref)
    return tuple(_cost(stage, refs, made, ran) for stage, refs in by_stage.items())


def _cost(stage: str, refs: list[Ref], made: Mapping[Ref, Receipt], ran: frozenset[Ref]) -> StageCost:
    receipts = [made[ref] for ref in refs]
    return StageCost(
        stage,
        len(refs),
        sum(ref in ran for ref in refs),
        round(sum(receipt.wall_seconds for receipt in receipts), 3),
        round(sum(receipt.cpu_seconds for receipt in receipts), 3),
        max(receipt.peak_memory_mb for receipt in receipts),
    )


def _replay_report(replay: Replay, audio: ReplayAudio, encoding: Encoding, costs: Iterable[StageCost]) -> ReplayReport:
    cpu = {cost.stage: cost.cpu_seconds for cost in costs}
    quality = _quality(encoding, cpu["encode_replay"] * SECONDS_AN_HOUR / replay.duration)
    renditions = tuple(_rendition_report(made, replay, quality.get(made.rendition.name)) for made in replay.renditions)
    sound = None if audio.file is None else SoundReport(audio.recorded_lufs, audio.gain_db)
    rate = _kilobits_per_second(replay.size_bytes, replay.duration)
    share = round(cpu["choose_encoding"] / max(cpu["encode_replay"], 0.001), 4) if encoding.measures else None
    searched = SearchReport(encoding.sampled_s, share, encoding.unmeasured)
    size = (replay.width, replay.height, replay.size_bytes)
    return ReplayReport(*size, rate, renditions, sound, searched, encoding.left_out + replay.left_out)


def _quality(encoding: Encoding, cpu_seconds_per_hour: float) -> dict[str, QualityReport]:
    taken = sum(measure.cpu_seconds for measure in encoding.measures)
    return {
        measure.name: _quality_report(measure, cpu_seconds_per_hour * measure.cpu_seconds / max(taken, 0.001))
        for measure in encoding.measures
    }


def _quality_report(measure: Measure, cpu_seconds_per_hour: float) -> QualityReport:
    mean, low = (None, None) if measure.vmaf is None else (round(measure.vmaf.mean, 2), round(measure.vmaf.low, 2))
    return QualityReport(mean, low, measure.saved_to_veryfast, round(cpu_seconds_per_hour, 1), measure.missed)


def _rendition_report(made: MadeRendition, replay: Replay, quality: QualityReport | None) -> RenditionReport:
    coded, rate = made.rendition, _kilobits_per_second(made.size_bytes, replay.duration)
    size = (coded.width, coded.height, made.size_bytes)
    saved = round(1 - made.picture_bytes / replay.recorded_bytes, 4) if replay.recorded_bytes else None
    told = RenditionReport(coded.name, *size, rate, coded.crf, coded.is_copy, round(made.encoded, 3))
    return replace(told, raised_parts=made.raised_parts, saved_to_source=saved, quality=quality)


def _kilobits_per_second(size_bytes: int, duration: Seconds) -> float:
    return round(size_bytes * 8 / 1000 / duration, 1)


def _warnings_in(store: Store, made: Mapping[Ref, Receipt]) -> tuple[str, ...]:
    """What stages want people to know: artefacts with a `warnings` field carry it."""
    carriers = [ref for ref in made if "warnings" in getattr(ref.kind, "__dataclass_fields__", {})]
    return tuple(warning for ref in carriers for warning in store.load(ref).warnings)
