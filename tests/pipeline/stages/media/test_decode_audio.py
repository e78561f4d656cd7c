"""Audio that can't be decoded."""

from pathlib import Path

import av
import pytest
from av import Packet

from domain.progress import no_progress
from fixtures.media import PROBED, Clip, media_of, recording, rendered
from pipeline.stages.media.build_timeline import BuildTimeline
from pipeline.stages.media.decode_audio import DecodeAudio

pytestmark = pytest.mark.media

RUINED = b"\x0f\xee" * 100


def with_ruined_sound(file: Path) -> Path:
    """A clip whose audio packets hold no AAC."""
    with av.open(str(rendered(Clip(".mp4", length_s=2.0)))) as source, av.open(str(file), "w") as target:
        tracks = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.pts is None:
                continue
            made = Packet(RUINED) if packet.stream.type == "audio" else packet
            made.pts, made.dts, made.time_base, made.is_keyframe = packet.pts, packet.dts, packet.time_base, True
            made.duration = packet.duration
            made.stream = tracks[packet.stream.index]
            target.mux(made)
    return file


def test_sound_that_cannot_be_decoded_is_silent_with_a_warning(tmp_path: Path) -> None:
    show = recording(with_ruined_sound(tmp_path / "recording.mp4"))
    media = media_of(show)
    sound = DecodeAudio()(show, media, BuildTimeline()(media, PROBED), tmp_path, no_progress)
    assert sound.recorded_lufs is None
    assert sound.sample_count > 0
    assert sound.warnings == ("most of the sound from 0.0 to 2.0 s cannot be decoded; it is silent there",)
