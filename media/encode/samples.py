"""Short samples spread over a show, decoded once: what settings of an encoder are tried on."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.clock import Seconds, Span, Timeline
from domain.errors import MediaError
from domain.recording import FileInfo, MediaInfo
from domain.session import Recording
from media import ffmpeg
from media.disk_errors import writing
from media.encode.filters import shown_picture
from media.encode.packet_bytes import recorded_bytes
from media.keyframes import Size
from media.package.concat_video import TICKS

LISTING = "samples.txt"
UNCOMPRESSED = {"vcodec": "rawvideo", "format": "nut"}


@dataclass(frozen=True, slots=True)
class Samples:
    """Uncompressed pictures of one size, `length_s` seconds of them. `listing` is a list for ffmpeg's concat demuxer.

    `source_kbps` is the rate of the recording's picture there.
    """

    listing: Path
    size: Size
    length_s: float
    source_kbps: float

    def stream(self) -> Any:
        """The pictures, as an input of a graph."""
        import ffmpeg as graph

        return graph.input(str(self.listing), format="concat", safe=0, protocol_whitelist="file")["v:0"]


def places(media: MediaInfo, timeline: Timeline, count: int, length_s: float) -> tuple[Seconds, ...]:
    """Up to `count` starts of samples over the replay: source key frames with `length_s` seconds behind them."""
    starts = [
        start
        for piece in timeline.pieces
        for key in media.files[piece.file].video.key_frames
        if (start := key - piece.file_start + piece.replay_start) >= piece.replay.start
        and start + length_s <= piece.replay.end
    ]
    wanted = [timeline.duration * (number + 0.5) / count for number in range(count)]
    return tuple(sorted({min(starts, key=lambda start: abs(start - near)) for near in wanted} if starts else ()))


def take(
    recording: Recording, media: MediaInfo, timeline: Timeline, spans: Iterable[Span], into: "Into"
) -> Samples | None:
    """Decode the samples into `into.folder`. One that can't be decoded is left out; None where none can."""
    files: list[Path] = []
    rates: list[float] = []
    length_s = 0.0
    for number, span in enumerate(spans):
        piece, shown = max(timeline.shown_in(span), key=lambda found: found[1].duration)
        info, source = media.files[piece.file], media.path(piece.file, recording)
        file = into.folder / f"{number:03d}.nut"
        if _decode(source, info, shown, into.size, file):
            files.append(file)
            rates.append(_source_kbps(source, info, shown))
            length_s += span.duration
    if not files:
        return None
    listing = into.folder / LISTING
    with writing(listing):
        lines = [f"file {file.name}\nduration {length_s / len(files):.6f}\n" for file in files]
        listing.write_text("".join(["ffconcat version 1.0\n", *lines]), encoding="utf-8")
    return Samples(listing, into.size, length_s, sum(rates) / len(rates))


@dataclass(frozen=True, slots=True)
class Into:
    """Where samples go, and the size that they get."""

    folder: Path
    size: Size


def _decode(source: Path, info: FileInfo, shown: Span, size: Size, file: Path) -> bool:
    """Whether the sample has pictures. They are those that EncodeReplay would encode."""
    timing = {"fps_mode": "passthrough", "enc_time_base": f"1:{TICKS}"}
    picture = shown_picture(source, info, shown, size)
    try:
        ffmpeg.run(ffmpeg.target(picture, str(file), **UNCOMPRESSED, **timing), ffmpeg.Job(source, shown.duration))
    except MediaError:  # the show goes on without this sample: encoding will tell what is wrong with the recording
        return False
    return file.stat().st_size > size.width * size.height  # more than a header


def _source_kbps(source: Path, info: FileInfo, shown: Span) -> float:
    """The rate of the recorded picture from the sample's key frame to the first one at or behind its end.

    Whole groups count: a key frame takes many times what the frames after it do.
    """
    keys = info.video.key_frames
    behind = bisect_left(keys, shown.end - 1e-6)
    end = keys[behind] if behind < len(keys) else max(info.duration, shown.end)
    return recorded_bytes(source, info, Span(shown.start, end), shown.start) * 8 / 1000 / (end - shown.start)
