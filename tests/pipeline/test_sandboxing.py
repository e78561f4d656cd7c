"""No stage lets C code read strangers' bytes in the worker: recordings and photos are opened in the sandbox alone.

A whole run goes on in this process, where every entry point of PyAV, OpenCV and Pillow that reads a file is watched.
What sandboxed children open is not seen here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from PIL import Image, ImageFile

from fixtures.media import Clip
from fixtures.tiny_show import write_show, write_spoken_show
from kandian import run
from media.formats.h264 import IDR, SLICE, nal_length_bytes, nal_type, split_nal_units
from pipeline.engine.failures import Failure
from pipeline.engine.observer import NullObserver
from pipeline.engine.stage import stage_name
from pipeline.engine.task import Task
from pipeline.flow import select_stages
from pipeline.run import RunConfig
from pipeline.settings import load_stages

pytestmark = pytest.mark.media
PHOTO_COUNT = 2
SETTINGS = """[choose_renditions]
has_av1 = false
sampled_share = 0.5
max_source_share = 0.001
"""
"""Nothing is encoded that small: the recording is passed through where it can be."""


@dataclass
class WatchedReads:
    """What this process read with libraries in C: the bytes of files and of buffers."""

    contents: list[bytes] = field(default_factory=list)

    def note(self, source: Any) -> None:
        if isinstance(source, np.ndarray):
            self.contents.append(source.tobytes())
        elif isinstance(source, str | Path):
            self.contents.append(Path(str(source).removeprefix("file:")).read_bytes())
        elif hasattr(source, "read"):
            raise AssertionError(f"reads an open file that no test can name: {source!r}")


@contextmanager
def watched_reads() -> Iterator[WatchedReads]:
    reads = WatchedReads()

    def noting(function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(source: Any, mode: Any = None, *arguments: Any, **options: Any) -> Any:
            if mode != "w":
                reads.note(source)
            return function(source, *(() if mode is None else (mode,)), *arguments, **options)

        return noted

    def load(image: Any) -> Any:
        if getattr(image, "filename", ""):
            reads.note(image.filename)
        return load_image(image)

    load_image = ImageFile.ImageFile.load
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(av, "open", noting(av.open))
        for name in ("imread", "imdecode", "VideoCapture"):
            patch.setattr(cv2, name, noting(getattr(cv2, name)))
        patch.setattr(ImageFile.ImageFile, "load", load)
        yield reads


@dataclass
class RunStages(NullObserver):
    """The stages of which a task was started, and failures."""

    names: set[str] = field(default_factory=set)
    failures: list[Failure] = field(default_factory=list)

    def on_task_started(self, task: Task) -> None:
        self.names.add(stage_name(task.stage))

    def on_failure(self, failure: Failure) -> None:
        self.failures.append(failure)


def add_photos(show: Path) -> list[Path]:
    catalog = json.loads((show / "catalog.json").read_text(encoding="utf-8"))
    photos = [show / f"photo-{number}.png" for number in range(PHOTO_COUNT)]
    for photo, product in zip(photos, catalog["products"], strict=False):
        Image.new("RGB", (200, 120), "#d03020").save(photo)
        product["image"] = photo.name
    (show / "catalog.json").write_text(json.dumps(catalog, ensure_ascii=False), encoding="utf-8")
    return photos


def captioned_show(folder: Path) -> Path:
    return write_show(folder, Clip(".flv", length_s=30.0))


def spoken_show(folder: Path) -> Path:
    return write_spoken_show(folder, seconds=4.0)


def recorded_slice(show: Path) -> bytes:
    """Bytes that are in the recording and in everything that holds its packets: remuxed files, passthrough parts."""
    (file,) = show.glob("recording*")
    with av.open(str(file)) as recording:
        length_bytes = nal_length_bytes(recording.streams.video[0].codec_context.extradata or b"")
        packets = [bytes(packet) for packet in recording.demux(video=0)]
    nal_units = (nal for packet in packets for nal in split_nal_units(packet, length_bytes))
    return max((nal for nal in nal_units if nal_type(nal) in (SLICE, IDR)), key=len)


@pytest.mark.parametrize("write", [captioned_show, spoken_show])
def test_no_stage_reads_recordings_or_photos_outside_the_sandbox(write: Callable[[Path], Path], tmp_path: Path) -> None:
    show = write(tmp_path / "show")
    strangers_bytes = [recorded_slice(show), *(photo.read_bytes() for photo in add_photos(show))]
    (tmp_path / "kandian.toml").write_text(SETTINGS)
    config = RunConfig(tmp_path / "out", executor="in_process", settings=tmp_path / "kandian.toml")
    observer = RunStages()
    with watched_reads() as reads:
        run(show, config=config, observer=observer)
    stages = select_stages(load_stages(None), has_captions=write is captioned_show)
    assert observer.failures == []
    assert observer.names == {stage_name(stage) for stage in stages}
    report = (tmp_path / "out" / "show" / "report.json").read_text(encoding="utf-8")
    assert '"is_copy": true' in report or write is spoken_show
    assert reads.contents
    assert not [content[:80] for content in reads.contents if any(piece in content for piece in strangers_bytes)]
