"""Random access: whether players can start at every key frame of an H.264 track with no header but the track's own."""

from dataclasses import dataclass, field

from domain.errors import InvalidValue
from domain.recording import H264Config
from media.formats.h264 import IDR, PPS, SPS, nal_length_bytes, nal_type, parse_parameter_sets, split_nal_units


@dataclass
class RandomAccessCheck:
    """Checks the key frames of a track with the header `extradata`: whether each can be decoded by itself.

    `parameter_sets`: those of the header; none where it is broken.
    """

    extradata: bytes
    is_standalone: bool = True
    parameter_sets: tuple[bytes, ...] = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.parameter_sets = parse_parameter_sets(self.extradata)
        except InvalidValue:
            self.parameter_sets = ()

    def observe(self, content: bytes) -> None:
        """Take note of the next key frame's packet."""
        self.is_standalone = self.is_standalone and bool(self.parameter_sets) and self._is_key_frame_standalone(content)

    def _is_key_frame_standalone(self, content: bytes) -> bool:
        try:
            nal_units = list(split_nal_units(content, nal_length_bytes(self.extradata)))
        except InvalidValue:
            return False
        has_known_sets = all(nal in self.parameter_sets for nal in nal_units if nal_type(nal) in (SPS, PPS))
        return has_known_sets and any(nal_type(nal) == IDR for nal in nal_units)

    def h264_config(self, *, has_leading_frames: bool) -> H264Config | None:
        """How the track is coded; None where its header is broken. `has_leading_frames`: as `TrackStats` has it."""
        if not self.parameter_sets:
            return None
        return H264Config(
            tuple(nal.hex() for nal in self.parameter_sets), self.is_standalone and not has_leading_frames
        )
