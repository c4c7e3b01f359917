"""Pictures drawn for tests: small files, as telephones send them and as they should not."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def drawn(
    kind: str = "JPEG",
    size: tuple[int, int] = (64, 48),
    color: str = "red",
    **more: Any,
) -> bytes:
    """A picture of one colour, its left half black; ``more`` goes to Pillow's ``save``."""
    image = Image.new("RGB", size, color)
    image.paste("black", (0, 0, size[0] // 2, size[1]))
    return saved(image, kind, **more)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def with_gps(color: str = "red") -> bytes:
    """As a telephone that was held on its side sends it: where it stood, its maker, a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRETMAKER"
    exif.get_ifd(0x8825)[1] = "N"
    return drawn(color=color, exif=exif.tobytes(), comment=b"SECRETCOMMENT")


def moving(kind: str = "PNG") -> bytes:
    """Two frames."""
    first, second = (Image.new("RGB", (20, 20), color) for color in ("red", "blue"))
    return saved(first, kind, save_all=True, append_images=[second], duration=100)
