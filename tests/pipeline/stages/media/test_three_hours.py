"""Video and audio stay in sync for three hours: tiny frames and beeps, from recording to segments."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from domain.audio import ReplayAudio
from domain.progress import no_progress
from domain.session import StartTime
from fixtures.media import PROBED, media_of, recording
from media import ffmpeg
from media.pcm import PcmFormat, decode_replay_audio
from pipeline.engine.stage import Part
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.choose_renditions import ChooseRenditions
from pipeline.stages.media.encode_video import EncodeVideo

pytestmark = pytest.mark.media

LOOP_S, LOOPS, LOST = 64, 169, 60
"""1000 packets of AAC at 16 kHz, more than three hours of them, and the loop that the recorder lost."""
FRAMES_A_SECOND = 1
RATE_HZ = 16_000
TICKS = 48_000  # a second: every packet's time is whole in it
MAX_OFFSET_S = 0.02
LOUD = 3000  # of 32768; beeps have 26000
WHITE = 128


def loop(file: Path) -> Path:
    """64 s: a white frame and a beep after one second, else black and silent."""
    import ffmpeg as graph

    luma = f"if(eq(N,{FRAMES_A_SECOND}),220,20)"
    flash = f"nullsrc=s=16x16:r={FRAMES_A_SECOND}:d={LOOP_S},geq=lum='{luma}':cb=128:cr=128,scale=64:64"
    beep = f"aevalsrc='0.8*between(t,1,1.2)*sin(2*PI*1000*t)':s={RATE_HZ}:d={LOOP_S}"
    tracks = [graph.input(flash, format="lavfi")["v"], graph.input(beep, format="lavfi")["a"]]
    options: dict[str, Any] = {"vcodec": "libx264", "preset": "ultrafast", "g": 8, "threads": 1, "acodec": "aac"}
    ffmpeg.run(graph.output(*tracks, str(file), **options), ffmpeg.FfmpegJob(None, LOOP_S))
    return file


def repeated(loop: Path, made: Path, indices: Sequence[int], kinds: str = "video audio") -> Path:
    """The loop's packets again and again, in the indices of these numbers: no encoder costs three hours of work.

    What comes before time 0 fills the encoder: it is in a file of our own, once, and in no recording.
    """
    with av.open(str(loop)) as source, av.open(str(made), "w") as copy:
        tracks = {s.index: copy.add_stream_from_template(s) for s in source.streams if s.type in kinds}
        packets = [p for p in source.demux() if p.dts is not None and p.stream_index in tracks]
        held = sorted(
            (int((p.dts or 0) * p.time_base * TICKS), p.stream_index, bytes(p), p.is_keyframe) for p in packets
        )
        for index in indices:
            for time, track_index, content, is_key in held:
                if time >= 0 or (index == 0 and made.suffix == ".mp4"):
                    packet = av.Packet(content)
                    packet.stream, packet.time_base = tracks[track_index], Fraction(1, TICKS)
                    packet.pts = packet.dts = time + index * LOOP_S * TICKS
                    packet.is_keyframe = is_key
                    copy.mux(packet)
    return made


def onsets(blocks: Iterable[bytes]) -> list[float]:
    """When the audio rises after silence. Blocks: 16-bit samples of one channel."""
    loud = np.abs(np.frombuffer(b"".join(blocks), dtype="<i2")) > LOUD
    at = np.flatnonzero(loud) / RATE_HZ
    return list(at[np.diff(at, prepend=-LOOP_S) > 1])


def decoded(playlist: Path) -> Iterator[bytes]:
    import ffmpeg as graph

    sound = graph.output(graph.input(str(playlist))["a"], "pipe:1", format="s16le", acodec="pcm_s16le")
    return ffmpeg.read_stdout(sound, ffmpeg.FfmpegJob(None, LOOP_S * LOOPS))


def flashes(playlist: Path) -> tuple[list[float], int]:
    """When the frame is white, and how many frames there are."""
    with av.open(str(playlist)) as video:
        seen = [(frame.time, bytes(frame.planes[0])[0]) for frame in video.decode(video=0)]
    return [time for time, luma in seen if luma > WHITE], len(seen)


@pytest.mark.slow
def test_video_and_audio_stay_in_sync_for_three_hours(tmp_path: Path) -> None:
    once = loop(tmp_path / "loop.mp4")
    indices = [index for index in range(LOOPS) if index != LOST]
    show = recording(repeated(once, tmp_path / "recording.flv", indices))
    media = media_of(show)
    timeline, encoding = (
        BuildTimeline()(media, PROBED),
        ChooseRenditions(large_side_px=64, small_side_px=48).default_encoding(media),
    )
    expected = 1 + np.arange(LOOPS - 1) * float(LOOP_S)
    assert timeline.duration == pytest.approx((LOOPS - 1) * LOOP_S, abs=1)

    blocks = decode_replay_audio(show, media, timeline, PcmFormat(RATE_HZ, 1), no_progress)
    assert onsets(blocks) == pytest.approx(expected, abs=MAX_OFFSET_S)

    stage = EncodeVideo()
    parts = []
    for index, span in enumerate(stage.parts(media, timeline)):
        (scratch := tmp_path / f"part {index}").mkdir()
        parts.append(stage(show, media, timeline, encoding, Part(index, span), scratch, no_progress))
    assert len(parts) == 18
    encoded = repeated(once, tmp_path / "audio.mp4", range(LOOPS - 1), "audio")
    replay = stage.join(tuple(parts), encoding, ReplayAudio(encoded), timeline, StartTime(None), tmp_path)

    assert onsets(decoded(replay.folder / "audio" / "index.m3u8")) == pytest.approx(expected, abs=MAX_OFFSET_S)
    for rendition in replay.renditions:
        seen, count = flashes(replay.folder / rendition.rendition.name / "index.m3u8")
        assert count == (LOOPS - 1) * LOOP_S * FRAMES_A_SECOND
        assert seen == pytest.approx(expected, abs=MAX_OFFSET_S)
