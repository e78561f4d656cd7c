"""Whether the recorded video can be a rendition: every device must play it as it is, and seek in it.

The SPS is parsed by hand (media/formats/h264.py): PyAV's CodecContext has its fields but for `reference_frames`, which
levels limit. And it would open a decoder on strangers' bytes here, outside the sandbox.
"""

from bisect import bisect_left
from itertools import pairwise

from domain.clock import Timeline, TimelineClip
from domain.errors import InvalidValue
from domain.recording import FileFault, H264Config, MediaFileInfo, MediaInfo, VideoTrackInfo
from media.formats.h264 import CHROMA_420, LEVELS, SPS, SequenceParameterSet, nal_type, parse_sps
from media.images import PixelSize

MAX_HOLD_S = 10.0  # the first frame may come that late, and is shown from the start
MAX_KEY_FRAME_INTERVAL_S = 4.0  # a player that seeks decodes no more than that
TIME_TOLERANCE_S = 0.0003  # less than any two frames are apart, more than any rounding
KEY_FRAME_INTERVAL_TOLERANCE_S = 0.05  # 120 frames at 29.97 a second take 4.004 s
CONTAINER_ROUNDING_S = 0.002  # of containers that keep milliseconds
COMPATIBLE_PROFILES = (66, 77, 100)  # Baseline, Main and High
BLOCKING_FAULT_KINDS = ("damaged", "held", "strayed")  # a truncated tail rules out passthrough of its own part alone


def passthrough_blocker(media: MediaInfo, timeline: Timeline, size: PixelSize) -> str | None:
    """Why the recorded video can't be passed through as a rendition of this size; None where it can."""
    file_numbers = sorted({clip.file_index for clip in timeline.clips})
    for number in file_numbers:
        blocker = _track_blocker(media.files[number].video, size)
        if blocker is not None:
            return blocker
    if len({media.files[number].video.h264_config for number in file_numbers}) > 1:
        return "its picture is not coded alike throughout"
    for number in file_numbers:
        for fault in media.files[number].faults:
            if fault.kind in BLOCKING_FAULT_KINDS and not _is_at_video_edge(fault, media.files[number].video):
                return f"it is disturbed: {fault.what}"
    clip_blockers = (_clip_blocker(clip, media.files[clip.file_index]) for clip in timeline.clips)
    return next((blocker for blocker in clip_blockers if blocker is not None), None)


def _track_blocker(track: VideoTrackInfo, size: PixelSize) -> str | None:
    if track.codec != "h264":
        return f"its picture is {track.codec}, not H.264"
    if track.h264_config is None:
        return "its H.264 header cannot be read"
    sps_nals = [nal for nal in map(bytes.fromhex, track.h264_config.parameter_sets) if nal_type(nal) == SPS]
    if len(sps_nals) != 1:
        return f"its H.264 header holds {len(sps_nals)} sequence parameter sets instead of one"
    try:
        sps = parse_sps(sps_nals[0])
    except InvalidValue as error:
        return f"its H.264 header cannot be read ({error})"
    return (
        _sps_blocker(sps, track.frame_rate)
        or _geometry_blocker(track, sps, size)
        or _key_frame_blocker(track.h264_config)
    )


def _sps_blocker(sps: SequenceParameterSet, frame_rate: float) -> str | None:
    if sps.profile not in COMPATIBLE_PROFILES:
        return f"its H.264 profile is {sps.profile}, which not every device plays"
    if sps.level not in LEVELS:
        return f"its H.264 level is {sps.level / 10:.1f}, which not every device plays"
    if not LEVELS[sps.level].allows(sps, frame_rate):
        return f"its pictures are more than the H.264 level {sps.level / 10:.1f} that it claims"
    if (sps.chroma_format, sps.bit_depth) != (CHROMA_420, 8):
        return "its picture is not 4:2:0 of 8 bits"
    return None if sps.is_progressive else "its picture is interlaced, or coded as if it were"


def _geometry_blocker(track: VideoTrackInfo, sps: SequenceParameterSet, size: PixelSize) -> str | None:
    if track.is_rotated_or_mirrored:
        return "players have to turn its picture"
    if not sps.has_square_pixels or (sps.width, sps.height) != (track.width, track.height):
        return "its pixels are not square"
    if (track.width, track.height) != (size.width, size.height):
        return f"its picture is {track.width}x{track.height}, the replay's {size.width}x{size.height}"
    return None


def _key_frame_blocker(coding: H264Config) -> str | None:
    if coding.has_closed_gops:
        return None
    return "players cannot begin at each of its key frames: some are no IDR pictures, or come with another header"


def _is_at_video_edge(fault: FileFault, track: VideoTrackInfo) -> bool:
    """Whether the fault is only that the audio begins before the video or ends after it: edge frames are held."""
    if fault.kind != "held" or not track.gapless_spans:
        return False
    is_at_start = fault.start + fault.duration <= track.gapless_spans[0].start + TIME_TOLERANCE_S
    return is_at_start or fault.start >= track.gapless_spans[-1].end - TIME_TOLERANCE_S


def _clip_blocker(clip: TimelineClip, info: MediaFileInfo) -> str | None:
    """Why a clip rules out passthrough: it must begin with a key frame, and end before one or where the video ends."""
    track, start, end = info.video, clip.file_start, clip.file_start + clip.duration
    first, after = (bisect_left(track.keyframe_times, time - TIME_TOLERANCE_S) for time in (start, end))
    key_frames, next_key_frames = track.keyframe_times[first:after], track.keyframe_times[after : after + 1]
    file_label = f"(file {info.source_index + 1})"
    if not key_frames or key_frames[0] - start > MAX_HOLD_S or _has_video_between(track, start, key_frames[0]):
        return f"it is not shown from a key frame on {file_label}"
    run_end = next(
        (run.end for run in track.gapless_spans if run.start <= key_frames[-1] + TIME_TOLERANCE_S < run.end), end
    )
    max_interval_s = max(b - a for a, b in pairwise([*key_frames, min(end, run_end)]))
    if max_interval_s > MAX_KEY_FRAME_INTERVAL_S + KEY_FRAME_INTERVAL_TOLERANCE_S:
        return f"its key frames are up to {max_interval_s:.1f} s apart {file_label}"
    last_frame_time = run_end - (1 / track.frame_rate if track.frame_rate else 0.0)
    is_before_key_frame = bool(next_key_frames) and next_key_frames[0] <= end + TIME_TOLERANCE_S
    if last_frame_time > end + CONTAINER_ROUNDING_S and not is_before_key_frame:
        return f"it is shown until between two key frames {file_label}"
    return None


def _has_video_between(track: VideoTrackInfo, start: float, end: float) -> bool:
    """Whether the track has frames between these file times."""
    return any(min(run.end, end) - max(run.start, start) > CONTAINER_ROUNDING_S for run in track.gapless_spans)
