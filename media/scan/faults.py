"""What is wrong within a file: damaged packets, and where one track has nothing while the other runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from domain.clock import FaultKind, Span
from domain.recording import FileFault
from media.scan.track_stats import MIN_DROPOUT_S, TrackSummary

EDGE_TOLERANCE_S = 0.5  # MPEG-TS counts its packets, and a recorder that went on after a gap begins to count again
TRUNCATED = "the file breaks off; what came before is used"
PACKETS_DAMAGED = "damaged packets: the picture or the sound may be disturbed there"


@dataclass(frozen=True, slots=True)
class ScannedDamage:
    """Whether the file breaks off, and the file times of the packets that the demuxer calls corrupt."""

    is_truncated: bool
    corrupt_times: tuple[float, ...]


def find_faults(
    damage: ScannedDamage, video: TrackSummary, audio: TrackSummary | None, runs: Sequence[Span]
) -> tuple[FileFault, ...]:
    """The faults of a file with these runs, each kind once. Both tracks and `runs` in file time."""
    faults = [*_damage_faults(damage, runs)]
    faults += _dropout_faults(video, runs, "held", "the picture is missing and the last one is held")
    decodable_runs = [run for run in runs if any(run.contains(max(0.0, time)) for time in video.key_frames)]
    faults += _early_end_faults(video, decodable_runs, "held", "the picture ends here and the last one is held")
    if audio is not None:
        faults += _dropout_faults(audio, runs, "silent", "the sound is missing and there is silence")
        faults += _early_end_faults(audio, runs, "silent", "the sound ends here and there is silence")
    return tuple(faults)


def _damage_faults(damage: ScannedDamage, runs: Sequence[Span]) -> list[FileFault]:
    faults = []
    if damage.is_truncated or any(time > runs[-1].end - EDGE_TOLERANCE_S for time in damage.corrupt_times):
        faults.append(FileFault("cut_off", runs[-1].end, 0.0, TRUNCATED))
    times = sorted(max(0.0, time) for time in damage.corrupt_times)
    inner_times = [time for time in times if not _is_near_run_edge(time, runs)]
    if inner_times:
        duration = inner_times[-1] - inner_times[0]
        faults.append(FileFault("damaged", inner_times[0], duration, PACKETS_DAMAGED, len(inner_times)))
    return faults


def _is_near_run_edge(time: float, runs: Iterable[Span]) -> bool:
    return any(min(abs(time - run.start), abs(time - run.end)) < EDGE_TOLERANCE_S for run in runs)


def _dropout_faults(track: TrackSummary, runs: Sequence[Span], kind: FaultKind, what: str) -> list[FileFault]:
    """Where a track has nothing while the replay goes on: one fault for all such stretches."""
    run_edges = [(runs[0].start, runs[0].start), *track.runs]
    absent = [(previous[1], following[0]) for previous, following in pairwise(run_edges)]
    replayed = [span for start, end in sorted((*absent, *track.dropouts)) for span in _replayed_spans(start, end, runs)]
    return _as_fault(replayed, kind, what, len(replayed))


def _early_end_faults(track: TrackSummary, runs: Sequence[Span], kind: FaultKind, what: str) -> list[FileFault]:
    """Where a track ends while the replay goes on: a fault of its own, for no dropout follows."""
    end = max((end for _, end in track.runs), default=0.0)
    return _as_fault(_replayed_spans(end, max((run.end for run in runs), default=end), runs), kind, what, 1)


def _as_fault(spans: Sequence[Span], kind: FaultKind, what: str, count: int) -> list[FileFault]:
    return [FileFault(kind, spans[0].start, sum(span.duration for span in spans), what, count)] if spans else []


def _replayed_spans(start: float, end: float, runs: Iterable[Span]) -> list[Span]:
    """The parts of a stretch of file time that the replay shows, where they are long enough to be noticed."""
    if end - start <= MIN_DROPOUT_S:
        return []
    absent = Span(max(0.0, start), max(0.0, end))
    return [replayed for run in runs if (replayed := absent.clipped_to(run)).duration > MIN_DROPOUT_S]
