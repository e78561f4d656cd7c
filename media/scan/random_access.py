"""Whether players can begin at every key frame of an H.264 track, and need no header but the track's own."""

from dataclasses import dataclass, field

from domain.errors import InvalidValue
from domain.recording import H264Coding
from media.formats.h264 import IDR, PICTURE_SET, SEQUENCE_SET, kind, length_bytes_of, nals, parameter_sets


@dataclass
class KeyPictures:
    """Key frames of a track with this header: whether each stands alone, with no parameter sets but the header's.

    `sets` are those; none where the header is broken.
    """

    header: bytes
    stand_alone: bool = True
    sets: tuple[bytes, ...] = field(init=False)

    def __post_init__(self) -> None:
        try:
            self.sets = parameter_sets(self.header)
        except InvalidValue:
            self.sets = ()

    def see(self, content: bytes) -> None:
        """Take note of the next key frame's packet."""
        self.stand_alone = self.stand_alone and bool(self.sets) and self._is_alone(content)

    def _is_alone(self, content: bytes) -> bool:
        try:
            found = list(nals(content, length_bytes_of(self.header)))
        except InvalidValue:
            return False
        are_known = all(nal in self.sets for nal in found if kind(nal) in (SEQUENCE_SET, PICTURE_SET))
        return are_known and any(kind(nal) == IDR for nal in found)

    def coding(self, *, has_leading: bool) -> H264Coding | None:
        """What they have told. `has_leading`: pictures are shown before the key frame that they come after."""
        if not self.sets:
            return None
        return H264Coding(tuple(nal.hex() for nal in self.sets), self.stand_alone and not has_leading)
