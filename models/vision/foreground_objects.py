"""Detects foreground objects - mostly products held up - in frames, and their colours.

The background model of a camera is the median of its frames within some minutes: the scene with its host. Pixels that
are brighter or darker than all of the background around them are foreground. Objects are not identified here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.clock import Seconds
from domain.evidence import FloatArray
from domain.vision import BoundingBox, ForegroundObjects, OverlayText
from models.vision.colour_histogram import COLOUR_BINS, colour_histogram
from models.vision.images import Image, Mask, check_colour_image

MAX_SIDE_PX = 160  # of the frames; lengths below are pixels of these
MAX_SEQUENCE_S = 1200.0  # of frames that share a background; later the light or the dress may differ
MIN_FRAMES_PER_CAMERA = 5  # fewer have no meaningful median
MAX_CAMERAS = 30  # of a sequence; more is a moving camera, whose frames have no background in common
MAX_MEDIAN_FRAMES = 25  # enough for the median, and fast
THUMBNAIL_PX = 32  # longest side of frames that are compared as a whole
MAX_SAME_CAMERA_DIFFERENCE = 25  # of 255, of a channel, between thumbnails of one camera
MIN_SAME_CAMERA_SHARE = 0.72  # of their pixels; a host with a product fills up to a quarter of the frame
MIN_FOREGROUND_DIFFERENCE = 24  # of 255, of a channel: beyond coding noise and soft shadows
HOST_SWAY_PX = 4  # edges of a swaying host are no foreground (devset: 2 was too little, 3 enough)
CLOSING_KERNEL_PX, OPENING_KERNEL_PX = 5, 4  # gaps that are closed, specks that are dropped
MIN_AREA_SHARE, MAX_AREA_SHARE = 0.003, 0.15  # of the frame's area
MAX_WIDTH_TO_HEIGHT, MAX_HEIGHT_TO_WIDTH = 3.0, 5.0  # ratio of sides; lines of comments are wider
MAX_STATIC_DIFFERENCE = 4.0  # of 255, to the frame before or after: an overlay, for a hand is never that still
MAX_OBJECTS_PER_FRAME = 3  # more is a scene that is not in the background
TEXT_MARGIN = 0.25  # of a text's height: cards are larger than their text
TEXT_TIME_TOLERANCE_S = 8.0  # the precision of a text's start and end


@dataclass(frozen=True, slots=True)
class _BackgroundModel:
    """What one camera always shows. `darkest`, `brightest`: within HOST_SWAY_PX of each pixel."""

    darkest: Image
    brightest: Image
    colour_histogram: FloatArray


@dataclass(frozen=True, slots=True)
class _DetectedObject:
    frame_index: int
    box: tuple[int, int, int, int]  # left, top, width, height; pixels
    colour_histogram: FloatArray
    background_histogram: FloatArray


@dataclass(frozen=True, slots=True)
class FrameSequence:
    """Consecutive small frames, (height, width, 3) BGR of one size, at `times`, and the texts laid over them."""

    times: Sequence[Seconds]
    frames: Sequence[Image]
    overlay_texts: Sequence[OverlayText]


def detect_foreground_objects(sequence: FrameSequence) -> ForegroundObjects:
    """The objects in a sequence of at most MAX_SEQUENCE_S, by time. What lies under texts is left out."""
    for frame in sequence.frames:
        check_colour_image(frame)
    objects: list[_DetectedObject] = []
    for frame_indexes in _group_by_camera(sequence.frames):
        background = _build_background([sequence.frames[number] for number in frame_indexes])
        objects += [each for number in frame_indexes for each in _detect_in_frame(sequence, number, background)]
    return _build_objects(sorted(objects, key=lambda each: (each.frame_index, each.box)), sequence)


def concatenate_objects(parts: Iterable[ForegroundObjects]) -> ForegroundObjects:
    """The objects of consecutive sequences; at least one sequence."""
    tables = list(parts)
    return ForegroundObjects(
        starts=np.concatenate([part.starts for part in tables]),
        ends=np.concatenate([part.ends for part in tables]),
        boxes=np.concatenate([part.boxes for part in tables]),
        colour_histograms=np.concatenate([part.colour_histograms for part in tables]),
        background_histograms=np.concatenate([part.background_histograms for part in tables]),
    )


def _group_by_camera(frames: Sequence[Image]) -> list[list[int]]:
    """The indexes of frames by camera, for cameras with enough frames."""
    cameras: list[tuple[NDArray[np.int16], list[int]]] = []
    for frame_index, frame in enumerate(frames):
        thumbnail = _thumbnail(frame)
        similarities = [_similar_pixel_share(thumbnail, first) for first, _ in cameras]
        if similarities and max(similarities) > MIN_SAME_CAMERA_SHARE:
            cameras[int(np.argmax(similarities))][1].append(frame_index)
        elif len(cameras) < MAX_CAMERAS:
            cameras.append((thumbnail, [frame_index]))
    return [numbers for _, numbers in cameras if len(numbers) >= MIN_FRAMES_PER_CAMERA]


def _thumbnail(frame: Image) -> NDArray[np.int16]:
    import cv2

    height, width = frame.shape[:2]
    scale = THUMBNAIL_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), dtype=np.int16)


def _similar_pixel_share(first: NDArray[np.int16], second: NDArray[np.int16]) -> float:
    return float((np.abs(first - second).max(axis=2) < MAX_SAME_CAMERA_DIFFERENCE).mean())


def _build_background(frames: Sequence[Image]) -> _BackgroundModel:
    import cv2

    sampled = np.unique(np.linspace(0, len(frames) - 1, min(MAX_MEDIAN_FRAMES, len(frames))).astype(np.intp))
    median = np.median(np.stack([frames[number] for number in sampled]), axis=0).astype(np.uint8)
    neighbourhood = np.ones((2 * HOST_SWAY_PX + 1, 2 * HOST_SWAY_PX + 1), dtype=np.uint8)
    full_mask = np.ones(median.shape[:2], dtype=np.bool_)
    darkest, brightest = cv2.erode(median, neighbourhood), cv2.dilate(median, neighbourhood)
    return _BackgroundModel(
        np.asarray(darkest, dtype=np.uint8), np.asarray(brightest, dtype=np.uint8), colour_histogram(median, full_mask)
    )


def _detect_in_frame(sequence: FrameSequence, frame_index: int, background: _BackgroundModel) -> list[_DetectedObject]:
    """The objects in one frame; none where they are too many, for that is another scene."""
    import cv2

    frame = sequence.frames[frame_index]
    _, labels, table, _ = cv2.connectedComponentsWithStats(_foreground_mask(sequence, frame_index, background))
    objects = []
    for label, (left, top, width, height, area) in enumerate(table[1:], start=1):
        is_plausible_size = MIN_AREA_SHARE < area / labels.size < MAX_AREA_SHARE
        if not is_plausible_size or width > MAX_WIDTH_TO_HEIGHT * height or height > MAX_HEIGHT_TO_WIDTH * width:
            continue
        mask = np.asarray(labels == label, dtype=np.bool_)
        if not _is_static(sequence.frames, frame_index, mask):
            box = (int(left), int(top), int(width), int(height))
            objects.append(
                _DetectedObject(frame_index, box, colour_histogram(frame, mask), background.colour_histogram)
            )
    return objects if len(objects) <= MAX_OBJECTS_PER_FRAME else []


def _foreground_mask(sequence: FrameSequence, frame_index: int, background: _BackgroundModel) -> NDArray[np.uint8]:
    """1 where the frame is brighter or darker than all of the background around, outside texts, without specks."""
    import cv2

    frame = sequence.frames[frame_index]
    brighter, darker = cv2.subtract(frame, background.brightest), cv2.subtract(background.darkest, frame)
    mask = (np.maximum(brighter, darker).max(axis=2) > MIN_FOREGROUND_DIFFERENCE).astype(np.uint8)
    for text in sequence.overlay_texts:
        if (
            text.span.start - TEXT_TIME_TOLERANCE_S
            <= sequence.times[frame_index]
            <= text.span.end + TEXT_TIME_TOLERANCE_S
        ):
            _clear_box(mask, text.box)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((CLOSING_KERNEL_PX, CLOSING_KERNEL_PX), dtype=np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((OPENING_KERNEL_PX, OPENING_KERNEL_PX), dtype=np.uint8))
    return np.asarray(opened, dtype=np.uint8)


def _clear_box(mask: NDArray[np.uint8], box: BoundingBox) -> None:
    height, width = mask.shape
    margin = TEXT_MARGIN * (box.bottom - box.top) * height
    top, left = max(0, int(box.top * height - margin)), max(0, int(box.left * width - margin))
    mask[top : int(box.bottom * height + margin) + 1, left : int(box.right * width + margin) + 1] = 0


def _is_static(frames: Sequence[Image], frame_index: int, mask: Mask) -> bool:
    """Whether the masked part is the same in the frame before or after."""
    masked_pixels = frames[frame_index][mask].astype(np.int16)
    neighbours = [other for other in (frame_index - 1, frame_index + 1) if 0 <= other < len(frames)]
    return any(np.abs(masked_pixels - frames[other][mask]).mean() < MAX_STATIC_DIFFERENCE for other in neighbours)


def _build_objects(objects: Sequence[_DetectedObject], sequence: FrameSequence) -> ForegroundObjects:
    times = np.asarray(sequence.times, dtype=np.float64)
    middles = (times[1:] + times[:-1]) / 2
    starts, ends = np.append(times[:1], middles), np.append(middles, times[-1:])
    frame_indexes = [each.frame_index for each in objects]
    return ForegroundObjects(
        starts=starts[frame_indexes],
        ends=ends[frame_indexes],
        boxes=np.array([_relative_box(each.box, sequence.frames[each.frame_index]) for each in objects]).reshape(-1, 4),
        colour_histograms=np.array([each.colour_histogram for each in objects]).reshape(-1, COLOUR_BINS),
        background_histograms=np.array([each.background_histogram for each in objects]).reshape(-1, COLOUR_BINS),
    )


def _relative_box(box: tuple[int, int, int, int], frame: Image) -> list[float]:
    left, top, width, height = box
    rows, columns = frame.shape[:2]
    return [left / columns, top / rows, (left + width) / columns, (top + height) / rows]
