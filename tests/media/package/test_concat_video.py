"""Encoded parts as one stream: what can't be put in order is the recording's fault."""

from pathlib import Path

import av
import pytest

from domain.errors import MediaError
from fixtures.media import Clip, rendered
from media.package.concat_video import EncodedPart, write_fragments
from media.timebase import TICKS_PER_SECOND

pytestmark = pytest.mark.media


def test_a_picture_shown_before_the_key_frame_that_it_needs_is_a_fault_of_the_recording(tmp_path: Path) -> None:
    file = tmp_path / "part.mp4"
    options = {"video_track_timescale": str(TICKS_PER_SECOND)}
    with av.open(str(rendered(Clip(".mp4")))) as source, av.open(str(file), "w", options=options) as target:
        track = target.add_stream_from_template(source.streams.video[0])
        keys = 0
        for packet in source.demux(video=0):
            if packet.pts is None or packet.dts is None:
                continue
            keys += packet.is_keyframe
            if keys == 2 and not packet.is_keyframe:
                packet.pts = packet.dts
            packet.stream = track
            target.mux(packet)
    with pytest.raises(MediaError, match=r"times cannot be put in order; encode it anew"):
        list(write_fragments([EncodedPart(file, 0.0, 6.0)], tmp_path / "init.mp4"))
