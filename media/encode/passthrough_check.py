"""Whether the recording's own picture can be a rendition: every device must play it as it is, and begin anywhere."""

from bisect import bisect_left
from itertools import pairwise

from domain.clock import Piece, Timeline
from domain.errors import InvalidValue
from domain.recording import Fault, FileInfo, H264Coding, MediaInfo, VideoTrack
from media.formats.h264 import CHROMA_420, LEVELS, SEQUENCE_SET, SequenceSet, kind, sequence_set
from media.keyframes import Size

LONGEST_HOLD_S = 10.0  # its first picture may come that late, and is shown from the start
FARTHEST_KEY_FRAMES_S = 4.0  # a player that seeks waits for no more than that
SLACK_S = 0.0003  # less than any two pictures are apart, more than any rounding
RATE_SLACK_S = 0.05  # 120 frames at 29.97 a second take 4.004 s
ROUNDING_S = 0.002  # of containers that keep milliseconds
FOR_EVERY_DEVICE = (66, 77, 100)  # profiles: Baseline, Main and High
DISTURBING = ("damaged", "held", "strayed")  # a tail that is cut off costs its own part the copy, no more


def obstacle(media: MediaInfo, timeline: Timeline, size: Size) -> str | None:
    """Why the picture of what the replay shows can't be a rendition of this size as it is; None where it can."""
    shown = sorted({piece.file for piece in timeline.pieces})
    for number in shown:
        found = _in_track(media.files[number].video, size)
        if found is not None:
            return found
    if len({media.files[number].video.h264 for number in shown}) > 1:
        return "its picture is not coded alike throughout"
    for number in shown:
        for fault in media.files[number].faults:
            if fault.kind in DISTURBING and not _is_beside(fault, media.files[number].video):
                return f"it is disturbed: {fault.what}"
    in_pieces = (_in_piece(piece, media.files[piece.file]) for piece in timeline.pieces)
    return next((what for what in in_pieces if what is not None), None)


def _in_track(track: VideoTrack, size: Size) -> str | None:
    if track.codec != "h264":
        return f"its picture is {track.codec}, not H.264"
    if track.h264 is None:
        return "its H.264 header cannot be read"
    sequences = [nal for nal in map(bytes.fromhex, track.h264.parameter_sets) if kind(nal) == SEQUENCE_SET]
    if len(sequences) != 1:
        return f"its H.264 header holds {len(sequences)} sequence parameter sets instead of one"
    try:
        coded = sequence_set(sequences[0])
    except InvalidValue as error:
        return f"its H.264 header cannot be read ({error})"
    return _in_coding(coded, track.frame_rate) or _in_shape(track, coded, size) or _in_key_frames(track.h264)


def _in_coding(coded: SequenceSet, frame_rate: float) -> str | None:
    if coded.profile not in FOR_EVERY_DEVICE:
        return f"its H.264 profile is {coded.profile}, which not every device plays"
    if coded.level not in LEVELS:
        return f"its H.264 level is {coded.level / 10:.1f}, which not every device plays"
    if not LEVELS[coded.level].allows(coded, frame_rate):
        return f"its pictures are more than the H.264 level {coded.level / 10:.1f} that it claims"
    if (coded.chroma, coded.bits) != (CHROMA_420, 8):
        return "its picture is not 4:2:0 of 8 bits"
    return None if coded.is_progressive else "its picture is interlaced, or coded as if it were"


def _in_shape(track: VideoTrack, coded: SequenceSet, size: Size) -> str | None:
    if track.is_turned:
        return "players have to turn its picture"
    if not coded.is_square or (coded.width, coded.height) != (track.width, track.height):
        return "its pixels are not square"
    if (track.width, track.height) != (size.width, size.height):
        return f"its picture is {track.width}x{track.height}, the replay's {size.width}x{size.height}"
    return None


def _in_key_frames(coding: H264Coding) -> str | None:
    if coding.is_closed:
        return None
    return "players cannot begin at each of its key frames: some are no IDR pictures, or come with another header"


def _is_beside(fault: Fault, track: VideoTrack) -> bool:
    """Whether only the sound begins before the picture or ends after it: its first and last pictures are held."""
    if fault.kind != "held" or not track.runs:
        return False
    is_at_start = fault.start + fault.duration <= track.runs[0].start + SLACK_S
    return is_at_start or fault.start >= track.runs[-1].end - SLACK_S


def _in_piece(piece: Piece, info: FileInfo) -> str | None:
    """What hinders in a piece: it must begin with a key frame, and end before one, or where the picture does."""
    track, start, end = info.video, piece.file_start, piece.file_start + piece.duration
    first, after = (bisect_left(track.key_frames, time - SLACK_S) for time in (start, end))
    keys, later = track.key_frames[first:after], track.key_frames[after : after + 1]
    where = f"(file {info.source + 1})"
    if not keys or keys[0] - start > LONGEST_HOLD_S or _is_seen(track, start, keys[0]):
        return f"it is not shown from a key frame on {where}"
    run_end = next((run.end for run in track.runs if run.start <= keys[-1] + SLACK_S < run.end), end)
    apart = max(b - a for a, b in pairwise([*keys, min(end, run_end)]))
    if apart > FARTHEST_KEY_FRAMES_S + RATE_SLACK_S:
        return f"its key frames are up to {apart:.1f} s apart {where}"
    last = run_end - (1 / track.frame_rate if track.frame_rate else 0.0)
    is_before_one = bool(later) and later[0] <= end + SLACK_S
    if last > end + ROUNDING_S and not is_before_one:
        return f"it is shown until between two key frames {where}"
    return None


def _is_seen(track: VideoTrack, start: float, end: float) -> bool:
    """Whether the track has pictures between these file times."""
    return any(min(run.end, end) - max(run.start, start) > ROUNDING_S for run in track.runs)
