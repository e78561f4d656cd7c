"""Whatever is wrong with a recording, every flash and beep of the show lands where the timeline says."""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Protocol

import av
import numpy as np
import pytest

from domain.clock import Timeline
from domain.errors import MediaError
from domain.progress import no_progress
from domain.recording import MediaInfo
from domain.session import Recording
from fixtures.broken.faults import FAULTS, SEVENTY, Broken, seventy_files
from fixtures.broken.show import signals
from fixtures.media import PROBED, cut_off_mp4, media_of, recording, restarting
from fixtures.tiny_show import CLIP, write_show
from media.pcm import PcmFormat, decode_replay_audio
from pipeline.engine.stage import Part
from pipeline.run import RunConfig, run
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions, replay_size
from pipeline.stages.media.encode_video import EncodeVideo

pytestmark = pytest.mark.media


class Answer(Protocol):
    """The exit code and the output of a command."""

    code: int
    out: str


STARTED_AT = datetime(2026, 11, 11, 20, tzinfo=timezone(timedelta(hours=8)))
MAX_MISS_S = 0.04
QUICK = {"whole flv", "restart at 0 in flv", "wrap of ts at 33 bits", "flv cut off"}
"""For the fast tests: the whole table takes a minute."""
PCM = PcmFormat(8000, 1)
LOUD, BRIGHT = 2000, 180
WINDOW = 40  # samples: 5 ms


@dataclass(frozen=True)
class LaidOut:
    """A broken recording, remuxed and laid out on a timeline."""

    show: Recording
    media: MediaInfo
    timeline: Timeline

    def beeps(self) -> list[float]:
        """Replay times at which a beep begins."""
        blocks = decode_replay_audio(self.show, self.media, self.timeline, PCM, no_progress)
        samples = np.abs(np.frombuffer(b"".join(blocks), dtype="<i2").astype(np.int32))
        levels = samples[: len(samples) // WINDOW * WINDOW].reshape(-1, WINDOW).max(axis=1)
        return onsets([(number * WINDOW / PCM.sample_rate, level > LOUD) for number, level in enumerate(levels)])

    def flashes(self, scratch: Path) -> list[float]:
        """Replay times at which the frames turn bright."""
        stage = EncodeVideo()
        encoding = ChooseRenditions(h264_preset="ultrafast", has_av1=False).default_encoding(self.media)
        levels: list[tuple[float, bool]] = []
        for number, span in enumerate(stage.parts(self.media, self.timeline)):
            folder = scratch / str(number)
            folder.mkdir()
            part = stage(self.show, self.media, self.timeline, encoding, Part(number, span), folder, no_progress)
            with av.open(str(part.files[0])) as video:
                for frame in video.decode(video=0):
                    luma = float(np.median(frame.to_ndarray(format="gray")))
                    levels.append((span.start + (frame.time or 0.0), luma > BRIGHT))
        return onsets(levels)

    def expected(self, times: Sequence[float]) -> list[float]:
        """Where the replay shows these wall-clock instants."""
        shown = [self.timeline.wall_clock_to_replay(STARTED_AT + timedelta(seconds=t), STARTED_AT) for t in times]
        return [time for time in shown if time is not None]


def onsets(levels: Sequence[tuple[float, bool]]) -> list[float]:
    """When it turns on; brief dropouts do not count."""
    times: list[float] = []
    last_on = -1.0
    for time, is_on in levels:
        if is_on and time - last_on > 0.15:
            times.append(time)
        if is_on:
            last_on = time
    return times


def laid_out(files: Sequence[Path]) -> LaidOut:
    show = recording(*files)
    media = media_of(show)
    return LaidOut(show, media, BuildTimeline()(media, PROBED))


def faults(cases: Iterable[Broken]) -> list[object]:
    """Cases of a test, all but the quick ones marked slow."""
    return [pytest.param(each, marks=() if str(each) in QUICK else pytest.mark.slow, id=str(each)) for each in cases]


def test_the_quick_faults_are_in_the_table() -> None:
    assert set(map(str, FAULTS)) >= QUICK


@pytest.mark.parametrize("broken", faults(FAULTS))
def test_every_flash_and_beep_lands_where_the_timeline_says(broken: Broken, tmp_path: Path) -> None:
    show = laid_out(broken.make())
    flashes, beeps = signals(*broken.visible), signals(*(broken.audible or broken.visible))

    assert show.timeline.duration == pytest.approx(broken.duration, abs=1.1 if broken.duration < 14 else 0.2)
    assert len(show.expected(beeps)) == len(beeps)
    assert show.beeps() == pytest.approx(show.expected(beeps), abs=MAX_MISS_S)
    assert show.flashes(tmp_path) == pytest.approx(show.expected(flashes), abs=MAX_MISS_S)
    size = replay_size(show.media, 720)
    assert (size.width, size.height) == broken.size


@pytest.mark.parametrize("broken", faults(each for each in FAULTS if each.repairs or each.cuts))
def test_what_was_repaired_and_what_was_lost_is_reported(broken: Broken) -> None:
    timeline = laid_out(broken.make()).timeline

    assert {repair.kind for repair in timeline.repairs} == set(broken.repairs)
    assert tuple(cut.kind for cut in timeline.cuts) == broken.cuts


def test_an_mp4_without_its_index_is_refused_with_what_to_do() -> None:
    with pytest.raises(MediaError, match=r"no moov box.*untrunc"):
        laid_out([cut_off_mp4()])


@pytest.mark.slow
def test_hours_in_seventy_files_stay_on_the_wall_clock() -> None:
    show = laid_out(seventy_files())
    times = [each for span in SEVENTY for each in signals(span)]

    assert len(show.media.files) == len(SEVENTY)
    assert show.timeline.duration == pytest.approx(SEVENTY[-1].end, abs=0.2)
    assert show.expected(times) == pytest.approx(times, abs=MAX_MISS_S)
    assert show.beeps() == pytest.approx(times, abs=MAX_MISS_S)


@pytest.mark.slow
def test_one_broken_show_does_not_stop_the_next(tmp_path: Path) -> None:
    write_show(tmp_path / "whole")
    write_show(tmp_path / "broken")
    shutil.copy(cut_off_mp4(), tmp_path / "broken" / "recording.mp4")
    (tmp_path / "broken" / "recording.flv").unlink()

    setup = RunConfig(tmp_path / "out", executor="in_process")
    broken, whole = run(tmp_path / "broken", tmp_path / "whole", config=setup)

    assert whole.folder is not None
    assert broken.folder is None
    assert "untrunc" in str(broken.failures)


@pytest.mark.slow
def test_what_was_repaired_is_in_the_report_and_is_shown(
    tmp_path: Path, kandian_command: Callable[..., Answer]
) -> None:
    write_show(tmp_path / "broken")
    twice = restarting(replace(CLIP, length_s=CLIP.length_s / 2))
    (tmp_path / "broken" / "recording.flv").write_bytes(twice.read_bytes())

    run_here = ("run", "--executor", "in_process", tmp_path / "broken", "--out", tmp_path / "out")
    assert kandian_command(*run_here).code == 0
    answer = kandian_command("show", tmp_path / "out" / "broken")

    report = json.loads((tmp_path / "out" / "broken" / "report.json").read_text(encoding="utf-8"))
    assert [repair["kind"] for repair in report["recording"]["repairs"]] == ["began_anew"]
    assert "0:00:15 in file 1: the recorder's clock began anew" in answer.out
