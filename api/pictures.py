"""Pictures as they are kept: pixels and nothing else.

A camera notes in a photo where and when it was taken, by whose phone; a unit that is accused must not learn from it who
reported (A13, C8). So every picture is decoded and written anew, upright, without what was noted beside the pixels.
"""

import asyncio
import io
import struct
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from PIL import ExifTags, Image

from api.problems import Fault, invalid

MOST_PIXELS: Final = 50_000_000
"""A larger picture is not decoded: a small file can unfold to gigabytes."""

LONGEST_EDGE: Final = 4096
THUMBNAIL_EDGE: Final = 320
THUMBNAIL_TYPE: Final = "image/jpeg"

_KEPT_AS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "image/jpeg": ("JPEG", {"quality": 88, "optimize": True}),
    "image/png": ("PNG", {}),
    "image/webp": ("WEBP", {"quality": 88}),
    "image/gif": ("GIF", {}),
}
_READ: Final = [name for name, _ in _KEPT_AS.values()]
_BROKEN: Final = (
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, EOFError, MemoryError, struct.error,
)  # fmt: skip
"""What Pillow raises for a file that begins like a picture and is none."""

_ORIENTATION: Final = ExifTags.Base.Orientation
_HELD_UPRIGHT: Final = 1
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a photo is turned, by what its camera noted of how it was held."""

_ABREAST: Final = 2
"""Pictures at a time: each may take a quarter of a gigabyte while it is decoded."""

Image.MAX_IMAGE_PIXELS = None  # the library's own measure warns of what ours refuses

_THREADS: Final = ThreadPoolExecutor(_ABREAST, thread_name_prefix="pictures")


def is_picture(media_type: str) -> bool:
    """Whether such a file is one that is decoded here."""
    return media_type in _KEPT_AS


async def bare(content: bytes, media_type: str) -> bytes:
    """The picture without anything but its pixels; of a moving one the first. The same bytes give the same again.

    Raises Problem(422, "image_unreadable") and ("image_too_large").
    """
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _bare, content, media_type)


async def thumbnail(content: bytes) -> bytes:
    """A small JPEG of it. Raises like ``bare``."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _thumbnail, content)


def _bare(content: bytes, media_type: str) -> bytes:
    format_, options = _KEPT_AS[media_type]
    return _written(_pixels(content, LONGEST_EDGE, opaque=format_ == "JPEG"), format_, options)


def _thumbnail(content: bytes) -> bytes:
    return _written(_pixels(content, THUMBNAIL_EDGE, opaque=True), "JPEG", {"quality": 80, "optimize": True})


def _pixels(content: bytes, longest: int, *, opaque: bool) -> Image.Image:
    """The picture, upright and within ``longest``, in a fresh image to which nothing clings."""
    try:
        opened = Image.open(io.BytesIO(content), formats=_READ)  # reads the head, no pixel yet
        if opened.width * opened.height > MOST_PIXELS:
            raise invalid(Fault("file", "image_too_large"))
        opened.draft("RGB", (longest, longest))
        opened.thumbnail((longest, longest))
        turn = _UPRIGHT.get(_orientation(opened))
        upright = (opened if turn is None else opened.transpose(turn)).convert("RGBA")
    except _BROKEN:
        raise invalid(Fault("file", "image_unreadable")) from None
    ground = Image.new("RGBA", upright.size, "white" if opaque else (0, 0, 0, 0))
    ground.alpha_composite(upright)
    clear = opaque or upright.getchannel("A").getextrema() == (255, 255)
    return ground.convert("RGB") if clear else ground


def _orientation(opened: Image.Image) -> int:
    """How the camera was held, if that can be read: what is noted may be broken where the pixels are not."""
    try:
        noted = opened.getexif().get(_ORIENTATION)
    except _BROKEN:
        return _HELD_UPRIGHT
    return noted if isinstance(noted, int) else _HELD_UPRIGHT


def _written(image: Image.Image, format_: str, options: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()
