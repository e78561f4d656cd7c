"""Product photos: strangers' files, read within limits. The only module that imports Pillow.

`photo_problem` reads headers alone, which Pillow parses in Python. Decoding is C: `read_photos` is to run sandboxed.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from media.images import BgrImage

PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PHOTO_BYTES = 20_000_000
MAX_PHOTO_PIXELS = 40_000_000  # a phone's camera makes 12 to 50 million; decoded, these are 120 MB
MAX_SIDE_PX = 160  # of the decoded photo: enough for colours


def photo_problem(file: Path) -> str:
    """Why `file` can't be used as a photo, by its header; "" for none."""
    from PIL import Image, UnidentifiedImageError

    try:
        if not file.is_file():
            return "is not there" if not file.exists() else "is not a file"
        if file.stat().st_size > MAX_PHOTO_BYTES:
            return f"is larger than {MAX_PHOTO_BYTES // 1_000_000} MB"
        with Image.open(file, formats=PHOTO_FORMATS) as image:
            return "has too many pixels" if image.width * image.height > MAX_PHOTO_PIXELS else ""
    except UnidentifiedImageError:
        return f"is none of {', '.join(PHOTO_FORMATS)}"
    except Image.DecompressionBombError:
        return "has too many pixels"
    except (OSError, ValueError, SyntaxError) as problem:  # PIL raises SyntaxError for broken files
        return f"cannot be read ({str(problem)[:80]})"


def read_photos(files: Sequence[Path]) -> list[BgrImage | None]:
    """Each photo as `read_photo` gives it, in order."""
    return [read_photo(file) for file in files]


def read_photo(file: Path) -> BgrImage | None:
    """The photo on white, its longest side at most MAX_SIDE_PX; None if it can't be decoded or is truncated."""
    from PIL import Image

    if photo_problem(file):
        return None
    try:
        with Image.open(file, formats=PHOTO_FORMATS) as image:
            image.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
            thumbnail = image.convert("RGBA")
            thumbnail.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
            background = Image.new("RGBA", thumbnail.size, "white")
            flattened = Image.alpha_composite(background, thumbnail).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return None
    return np.ascontiguousarray(np.asarray(flattened, dtype=np.uint8)[:, :, ::-1])
