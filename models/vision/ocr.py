"""OCR by rapidocr: reads printed text in a crop of a frame. Its weights are in its wheel.

The engine is loaded once a process, on first use; it logs nothing, downloads nothing, and uses one thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from domain.errors import WeightsError
from models.vision.images import Image, check_colour_image

DETECTION_MODEL, RECOGNITION_MODEL = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
UPSCALED_AREA_PX = 80_000  # small crops are enlarged to about this area; else single digits are missed
MAX_UPSCALE = 2.0  # of each side
MIN_CONFIDENCE = 0.6  # of a line; a little above rapidocr's own 0.5; cards are read with 0.95 and more
MAX_LINES = 12  # a card has 3 or 4; a wall of text is no card and would cost seconds
MAX_LINE_CHARACTERS = 60  # longer lines are no card
MAX_SAME_LINE_OFFSET = 0.5  # of a line's height: words whose middles are nearer stand on one line


@dataclass(frozen=True, slots=True)
class OcrResult:
    """Lines of text from top to bottom. `confidence`: mean over words, in [0, 1]; 0 when nothing was read."""

    lines: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _OcrWord:
    text: str
    left: float
    middle: float
    height: float
    confidence: float


def recognize_text(crop: Image) -> OcrResult:
    """The text in `crop`, (height, width, 3) BGR. Raises WeightsError when rapidocr's weights are not there."""
    check_colour_image(crop)
    words = _parse_words(_ocr_engine()(_upscale(crop)))
    rows = _group_into_lines(words)[:MAX_LINES]
    lines = tuple(" ".join(word.text for word in row)[:MAX_LINE_CHARACTERS] for row in rows)
    confidences = [word.confidence for row in rows for word in row]
    return OcrResult(lines, float(np.mean(confidences)) if confidences else 0.0)


@cache
def _ocr_engine() -> Any:  # rapidocr.RapidOCR has no types
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    for name in (DETECTION_MODEL, RECOGNITION_MODEL):
        if not (models / name).is_file():
            raise WeightsError(models / name, "is not there", "install rapidocr again, in the locked version")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # burned-in text is upright
            "Global.text_score": MIN_CONFIDENCE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(models / DETECTION_MODEL),
            "Det.limit_type": "min",
            "Det.limit_side_len": 64,
            "Rec.model_path": str(models / RECOGNITION_MODEL),
            "Rec.rec_batch_num": 1,  # a batch is as wide as its longest line; prices are short
        }
    )


def _upscale(crop: Image) -> Image:
    import cv2

    height, width = crop.shape[:2]
    scale = min(MAX_UPSCALE, max(1.0, float(np.sqrt(UPSCALED_AREA_PX / (height * width)))))
    size = (round(width * scale), round(height * scale))
    return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _parse_words(result: Any) -> list[_OcrWord]:
    if result.txts is None or result.boxes is None:
        return []
    detections = zip(result.txts, result.boxes, result.scores, strict=True)
    return [_parse_word(str(text).strip(), np.asarray(corners), float(score)) for text, corners, score in detections]


def _parse_word(text: str, corners: NDArray[Any], confidence: float) -> _OcrWord:
    """`corners`: (4, 2), pixels."""
    top, bottom = corners[:, 1].min(), corners[:, 1].max()
    return _OcrWord(text, float(corners[:, 0].min()), float(top + bottom) / 2, float(bottom - top), confidence)


def _group_into_lines(words: Sequence[_OcrWord]) -> list[list[_OcrWord]]:
    """Words by line, lines from the top, each from the left."""
    rows: list[list[_OcrWord]] = []
    for word in sorted(words, key=lambda word: word.middle):
        last = rows[-1][-1] if rows else None
        if last and word.middle - last.middle < MAX_SAME_LINE_OFFSET * min(word.height, last.height):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.left) for row in rows]
