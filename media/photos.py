"""Photos from strangers: small, or not at all. The only module that imports PIL."""

from pathlib import Path

import numpy as np

from media.keyframes import BgrImage

PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PHOTO_BYTES = 20_000_000
MAX_PHOTO_PIXELS = 40_000_000  # a phone's camera makes 12 to 50 million; unpacked, these are 120 MB
MAX_SIDE_PX = 160  # of what is looked at: enough for colours


def photo_problem(file: Path) -> str:
    """Why `file` is of no use as a photo; "" when nothing is wrong as far as its first bytes tell."""
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


def read_photo(file: Path) -> BgrImage | None:
    """The photo on white, its longest side at most LONGEST_SIDE_PX; None when it is none, or not whole."""
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
