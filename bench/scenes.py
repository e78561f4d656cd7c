"""Scenes of a selling room, drawn by code: the same frames in every run, without any loss.

Frames are (height, width, 3) uint8, blue first. Everything is drawn from seeds; nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi, sin
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from media import ffmpeg

Frame: TypeAlias = NDArray[np.uint8]
Painter: TypeAlias = Callable[[Frame, float], None]
"""Draws on a frame what is there at a time, seconds."""

WIDTH, HEIGHT, RATE, LENGTH_S = 720, 1280, 25, 10
MARGIN = 200  # pixels of the room around what the camera sees
FONT = cv2.FONT_HERSHEY_SIMPLEX
CHINESE = "uni"  # the font that OpenCV 5 brings for what is not Latin
OFFER = (
    ("今晚直播间专享价", 26),
    ("到手价 169.90 元 原价 299 元", 18),
    ("赠运费险，七天无理由退货", 16),
    ("限量 500 件，售完恢复原价", 14),
    ("每人限购两件，活动解释见详情页", 12),
)
"""Lines of a sticker, and their height in pixels."""
QUESTIONS = (
    "三号链接还有货吗",
    "敏感肌可以用吗",
    "这个和上次的有什么区别",
    "尺码偏大还是偏小",
    "主播讲解一下成分",
    "已拍，几天能到",
)
SKIN, HAIR, SHIRT = (150, 178, 224), (38, 42, 52), (120, 92, 66)


@dataclass(frozen=True, slots=True)
class Scene:
    """A room, who and what is in it, the overlays of the studio, and how the camera moves.

    `noise` is the sensor's, the standard deviation of luma; `shake_px` and `sweep_px` are how far the camera wanders.
    """

    name: str
    painters: tuple[Painter, ...]
    overlays: tuple[Painter, ...] = ()
    noise: float = 1.2
    shake_px: float = 2.0
    sweep_px: float = 0.0
    zoom: float = 0.0

    def frames(self, length_s: float = LENGTH_S) -> Iterator[Frame]:
        """The scene, frame by frame at `RATE`."""
        room, random = _room(7), np.random.default_rng(11)
        grain = [_grain(random) for _ in range(8)]
        for number in range(round(length_s * RATE)):
            time = number / RATE
            frame = self._seen(room, time)
            if self.noise:
                turned = np.roll(grain[number % 8], tuple(random.integers(0, 400, 2)), (0, 1))
                noisy = cv2.add(frame, (turned * self.noise)[..., None].repeat(3, 2), dtype=cv2.CV_8U)
                frame = np.asarray(noisy, dtype=np.uint8)
            for paint in self.overlays:
                paint(frame, time)
            yield frame

    def _seen(self, room: Frame, time: float) -> Frame:
        staged = room.copy()
        for paint in self.painters:
            paint(staged, time)
        shake = self.shake_px
        x = MARGIN + shake * sin(2.1 * time) + 0.6 * shake * sin(5.3 * time + 1) + self.sweep_px * sin(0.9 * time)
        y = MARGIN + shake * sin(1.7 * time + 2) + 0.4 * self.sweep_px * sin(0.7 * time)
        scale = 1 + self.zoom * 0.5 * (1 - cos(2 * pi * time / 6))
        middle = (WIDTH / 2, HEIGHT / 2)
        moved = np.array(
            [[scale, 0, middle[0] - scale * (x + middle[0])], [0, scale, middle[1] - scale * (y + middle[1])]]
        )
        return np.asarray(cv2.warpAffine(staged, moved, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR), dtype=np.uint8)


def render(frames: Iterator[Frame], file: Path, length_s: float = LENGTH_S) -> None:
    """Write the frames as raw frames, YUV4MPEG: nothing is lost, and reading them takes hardly any time."""
    import ffmpeg as graph

    shape = f"{WIDTH}x{HEIGHT}"
    given = graph.input("pipe:0", format="rawvideo", pix_fmt="yuv420p", s=shape, r=RATE)
    blocks = (cv2.cvtColor(frame, cv2.COLOR_BGR2YUV_I420).tobytes() for frame in frames)
    ffmpeg.feed_stdin(graph.output(given, str(file), format="yuv4mpegpipe"), blocks, ffmpeg.FfmpegJob(None, length_s))


def _grain(random: np.random.Generator) -> NDArray[np.float32]:
    """(height, width), standard deviation 1: a sensor's noise after its own smoothing."""
    raw = random.standard_normal((HEIGHT, WIDTH)).astype(np.float32)
    soft = cv2.GaussianBlur(raw, (0, 0), 0.6)
    return np.asarray(soft / soft.std(), dtype=np.float32)


def _room(seed: int) -> Frame:
    """A wall with its plaster, shelves full of boxes, a table with its grain."""
    random = np.random.default_rng(seed)
    height, width = HEIGHT + 2 * MARGIN, WIDTH + 2 * MARGIN
    wall = np.linspace(225, 165, height, dtype=np.float32)[:, None] + np.linspace(0, -25, width, dtype=np.float32)
    wall = np.stack([wall * 0.93, wall * 0.97, wall], axis=2)
    for size, strength in ((4, 2.0), (30, 5.0), (160, 9.0)):
        speckle = random.standard_normal((height // size + 2, width // size + 2)).astype(np.float32)
        wall += strength * cv2.resize(speckle, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    room = np.clip(wall, 0, 255).astype(np.uint8)
    for row in range(4):
        _shelf(room, 160 + 230 * row, random)
    grain = cv2.resize(random.standard_normal((400, 6)).astype(np.float32), (width, 400)) * 9
    room[-400:] = np.clip(np.array([70, 105, 150]) + grain[..., None], 0, 255).astype(np.uint8)
    return room


def _shelf(room: Frame, top: int, random: np.random.Generator) -> None:
    x = 20
    while x < room.shape[1] - 90:
        width, height = int(random.integers(34, 88)), int(random.integers(70, 170))
        colour = [int(c) for c in random.integers(40, 230, 3)]
        corner, end = (x, top + 180 - height), (x + width, top + 180)
        cv2.rectangle(room, corner, end, colour, -1)
        cv2.rectangle(room, corner, end, [int(c * 0.6) for c in colour], 1)
        name = "".join(chr(int(c)) for c in random.integers(65, 91, 5))
        cv2.putText(room, name, (x + 4, corner[1] + 24), FONT, 0.36, (250, 250, 250), 1, cv2.LINE_AA)
        for line in range(4):
            where = corner[1] + 36 + 9 * line
            cv2.line(room, (x + 5, where), (x + width - 6, where), [int(c * 0.75) for c in colour], 1)
        x += width + int(random.integers(3, 14))
    cv2.rectangle(room, (0, top + 180), (room.shape[1], top + 194), (60, 84, 118), -1)


def host(frame: Frame, time: float) -> None:
    """A host who talks, nods and blinks."""
    x = MARGIN + WIDTH // 2 + round(14 * sin(0.8 * time))
    y = MARGIN + 430 + round(8 * sin(2.3 * time))
    cv2.ellipse(frame, (x, y + 560), (300, 380), 0, 180, 360, SHIRT, -1, cv2.LINE_AA)
    for stripe in range(-6, 7):
        cv2.line(frame, (x + 40 * stripe, y + 330), (x + 52 * stripe, y + 560), (150, 122, 92), 3, cv2.LINE_AA)
    cv2.ellipse(frame, (x, y - 20), (172, 226), 0, 0, 360, HAIR, -1, cv2.LINE_AA)
    for lock in range(-16, 17):
        cv2.line(frame, (x + 9 * lock, y - 210), (x + 11 * lock, y - 40), (62, 70, 84), 1, cv2.LINE_AA)
    cv2.rectangle(frame, (x - 52, y + 150), (x + 52, y + 250), (132, 160, 206), -1)
    cv2.ellipse(frame, (x, y + 20), (132, 176), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(frame, (x - 40, y + 40), (56, 90), 0, 0, 360, (160, 188, 234), -1, cv2.LINE_AA)
    lid = 2 if time % 3.1 < 0.16 else 11
    for side in (-52, 52):
        cv2.ellipse(frame, (x + side, y - 16), (23, lid), 0, 0, 360, (245, 245, 245), -1, cv2.LINE_AA)
        cv2.circle(frame, (x + side + round(4 * sin(time)), y - 16), min(9, lid), (40, 40, 50), -1, cv2.LINE_AA)
        cv2.ellipse(frame, (x + side, y - 52), (30, 8), 0, 180, 360, HAIR, 4, cv2.LINE_AA)
    mouth = round(5 + 13 * abs(sin(7.1 * time) * sin(1.3 * time)))
    cv2.ellipse(frame, (x, y + 104), (40, mouth), 0, 0, 360, (70, 66, 160), -1, cv2.LINE_AA)
    cv2.line(frame, (x, y + 10), (x - 8, y + 56), (128, 152, 200), 3, cv2.LINE_AA)


def hands_with_product(frame: Frame, time: float) -> None:
    """A labelled box, turned and tilted by two hands."""
    x, y = MARGIN + WIDTH / 2 + 70 * sin(1.1 * time), MARGIN + 860 + 50 * sin(1.7 * time)
    turn, tilt = 0.9 * sin(1.3 * time), 0.35 * sin(0.9 * time)
    half = np.array([[-130, -190], [130, -190], [130, 190], [-130, 190]], dtype=np.float32)
    deep = 1 + 0.0011 * half[:, 0] * sin(turn)
    flat = np.stack([half[:, 0] * cos(turn) * deep, half[:, 1] * deep], axis=1)
    spin = np.array([[cos(tilt), -sin(tilt)], [sin(tilt), cos(tilt)]], dtype=np.float32)
    corners = (flat @ spin.T + np.array([x, y])).astype(np.float32)
    label = _label()
    edge = np.array([[0, 0], [260, 0], [260, 380], [0, 380]], dtype=np.float32)
    fitted = cv2.getPerspectiveTransform(edge, corners)
    size = (frame.shape[1], frame.shape[0])
    drawn, mask = cv2.warpPerspective(label, fitted, size), np.zeros(frame.shape[:2], dtype=np.uint8)
    cv2.fillConvexPoly(mask, corners.astype(np.int32), 255, cv2.LINE_AA)
    np.copyto(frame, drawn, where=mask[..., None] > 127)
    for side in (-1, 1):
        for finger in range(4):
            at = (round(x + side * 118), round(y - 60 + 44 * finger + 6 * sin(3 * time + finger)))
            cv2.ellipse(frame, at, (58, 20), 8 * side, 0, 360, SKIN, -1, cv2.LINE_AA)
            cv2.ellipse(frame, (at[0] - 40 * side, at[1]), (12, 11), 0, 0, 360, (190, 200, 240), -1, cv2.LINE_AA)
        cv2.ellipse(frame, (round(x + side * 190), round(y + 20)), (88, 112), 0, 0, 360, SKIN, -1, cv2.LINE_AA)


def _label() -> Frame:
    label = np.full((380, 260, 3), (236, 240, 244), dtype=np.uint8)
    cv2.rectangle(label, (0, 0), (260, 110), (60, 40, 190), -1)
    cv2.putText(label, "SILK CARE", (22, 68), FONT, 1.2, (255, 255, 255), 3, cv2.LINE_AA)
    words = ["aqua", "glycerin", "niacinamide", "panthenol", "hyaluronate", "squalane", "tocopherol", "50 ml"]
    for line in range(15):
        text = " ".join(words[(line + step) % len(words)] for step in range(3))
        cv2.putText(label, text, (12, 140 + 16 * line), FONT, 0.38, (50, 50, 50), 1, cv2.LINE_AA)
    return label


def products(frame: Frame, time: float) -> None:
    """Bottles in a row on the table, and one that is lifted."""
    for number in range(7):
        lifted = 120 * max(0.0, sin(1.1 * time - number)) if number % 2 else 0
        x, y = MARGIN + 60 + 100 * number, round(MARGIN + 1110 - lifted)
        colour = (90 + 20 * number, 200 - 22 * number, 60 + 25 * (number % 4))
        cv2.rectangle(frame, (x - 34, y - 190), (x + 34, y), colour, -1)
        cv2.rectangle(frame, (x - 16, y - 234), (x + 16, y - 190), (230, 230, 230), -1)
        cv2.line(frame, (x - 20, y - 184), (x - 20, y - 8), (250, 250, 250), 5, cv2.LINE_AA)
        for line in range(7):
            at = (x - 28, y - 140 + 18 * line)
            cv2.putText(frame, f"No{number}{line}7 88", at, FONT, 0.36, (20, 20, 20), 1, cv2.LINE_AA)


def card(frame: Frame, time: float) -> None:
    """A pushed product card with small print that slides in and out."""
    left = 380 if time % 6 > 0.4 else round(720 - 340 * (time % 6) / 0.4)
    end = (min(WIDTH - 1, left + 320), 1120)
    cv2.rectangle(frame, (left, 960), end, (255, 255, 255), -1)
    cv2.rectangle(frame, (left, 960), end, (80, 60, 230), 2)
    for line, text in enumerate(
        ("Silk care lotion 50 ml", "now 169.90  was 299.00", "free returns within 7 days", "42 left")
    ):
        cv2.putText(frame, text, (left + 12, 992 + 36 * line), FONT, 0.55, (40, 30, 30), 1, cv2.LINE_AA)


def comments(frame: Frame, time: float) -> None:
    """Comments of viewers that scroll up, and a ticker that runs."""
    for line in range(9):
        number = line + int(time * 1.4)
        text = f"user{number * 37 % 997}: is number {number % 23} still there? {number * 7 % 89}"
        y = round(930 + 34 * (line - time * 1.4 % 1))
        cv2.putText(frame, text, (17, y + 1), FONT, 0.52, (20, 20, 20), 1, cv2.LINE_AA)
        cv2.putText(frame, text, (16, y), FONT, 0.52, (250, 250, 250), 1, cv2.LINE_AA)
    cv2.rectangle(frame, (0, 60), (WIDTH, 104), (30, 30, 200), -1)
    running = "11.11 - buy two, get one free - ships today - 12 months warranty - no questions asked   " * 2
    cv2.putText(frame, running, (round(-90 * time), 90), FONT, 0.7, (255, 255, 255), 2, cv2.LINE_AA)


def chinese(frame: Frame, time: float) -> None:
    """What Chinese shows have: a sticker with the offer's small print, and viewers' comments that scroll up."""
    font = cv2.FontFace(CHINESE)
    cv2.rectangle(frame, (20, 130), (330, 300), (236, 240, 250), -1)
    for line, (text, size) in enumerate(OFFER):
        cv2.putText(frame, text, (32, 160 + 32 * line), (30, 24, 150), font, size, 400)
    for line in range(6):
        number = line + int(time * 1.1)
        text = f"用户{number * 37 % 997}：{QUESTIONS[number % len(QUESTIONS)]}"
        y = round(560 + 36 * (line - time * 1.1 % 1))
        cv2.putText(frame, text, (21, y + 1), (20, 20, 20), font, 22, 400)
        cv2.putText(frame, text, (20, y), (250, 250, 250), font, 22, 400)


SCENES = (
    Scene("talking head", (host,)),
    Scene("hands", (host, hands_with_product)),
    Scene("products", (products,), (card,), noise=1.0, sweep_px=30.0),
    Scene("small text", (host,), (card, comments, chinese)),
    Scene("camera noise", (host, products), noise=5.0),
    Scene("camera moves", (host, products), noise=1.5, shake_px=9.0, sweep_px=150.0, zoom=0.35),
)
