"""Made-up photos: a sky, a ground and something round, as a PNG of a few hundred bytes."""

import math
import random
import struct
import zlib

WIDTH, HEIGHT = 320, 240
Colour = tuple[int, int, int]


def photo(chance: random.Random) -> bytes:
    """A picture of nothing in particular."""
    sky, ground, thing = (_colour(chance, low) for low in (140, 60, 20))
    horizon, radius = chance.randrange(90, 170), chance.randrange(18, 50)
    at = chance.randrange(60, WIDTH - 60), horizon - radius // 3
    rows = bytearray()
    for y in range(HEIGHT):
        half = math.isqrt(max(0, radius**2 - (y - at[1]) ** 2))
        behind = bytes(sky if y < horizon else ground)
        rows += b"\0" + behind * (at[0] - half) + bytes(thing) * (2 * half) + behind * (WIDTH - at[0] - half)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = _chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(rows), 9)), _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _colour(chance: random.Random, low: int) -> Colour:
    return chance.randrange(low, low + 100), chance.randrange(low, low + 100), chance.randrange(low, low + 100)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
