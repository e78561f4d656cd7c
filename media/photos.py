"""Photos from strangers: small, or not at all. The only module that imports PIL."""

from pathlib import Path

import numpy as np

from media.keyframes import Picture

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000  # a phone's camera makes 12 to 50 million; unpacked, these are 120 MB
LONGEST_SIDE_PX = 160  # of what is looked at: enough for colours


def problem_of(file: Path) -> str:
    """Why `file` is of no use as a photo; "" when nothing is wrong as far as its first bytes tell."""
    from PIL import Image, UnidentifiedImageError

    try:
        if not file.is_file():
            return "is not there" if not file.exists() else "is not a file"
        if file.stat().st_size > LARGEST_BYTES:
            return f"is larger than {LARGEST_BYTES // 1_000_000} MB"
        with Image.open(file, formats=FORMATS) as image:
            return "has too many pixels" if image.width * image.height > MOST_PIXELS else ""
    except UnidentifiedImageError:
        return f"is none of {', '.join(FORMATS)}"
    except Image.DecompressionBombError:
        return "has too many pixels"
    except (OSError, ValueError, SyntaxError) as problem:  # PIL raises SyntaxError for broken files
        return f"cannot be read ({str(problem)[:80]})"


def read_photo(file: Path) -> Picture | None:
    """The photo on white, its longest side at most LONGEST_SIDE_PX; None when it is none, or not whole."""
    from PIL import Image

    if problem_of(file):
        return None
    try:
        with Image.open(file, formats=FORMATS) as image:
            image.draft("RGB", (LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            small = image.convert("RGBA")
            small.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
            ground = Image.new("RGBA", small.size, "white")
            flat = Image.alpha_composite(ground, small).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return None
    return np.ascontiguousarray(np.asarray(flat, dtype=np.uint8)[:, :, ::-1])
