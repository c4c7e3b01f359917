"""What a telephone at the gate would have seen, drawn: cartons on a pallet, and a crushed one."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFilter

_SIZE = (1600, 1200)
_WALL, _FLOOR, _WOOD = (196, 202, 205), (142, 144, 142), (168, 132, 88)
_FRONT, _TOP, _SIDE = (201, 164, 113), (222, 190, 143), (171, 136, 90)
_TAPE, _DARK, _WET = (233, 219, 182), (74, 57, 36), (112, 84, 52)

Point = tuple[int, int]


def of_a_pallet() -> bytes:
    """The whole of a shipment as it stands at the gate, a JPEG."""
    image, pen = _gate()
    for row in range(3):
        for column in range(4):
            _carton(pen, (240 + column * 260, 900 - row * 210), 250, 200, top=row == 2)
    for left in range(240, 1280, 340):
        pen.rectangle((left, 1000, left + 90, 1060), fill=_DARK)
    pen.rectangle((220, 905, 1320, 1000), fill=_WOOD)
    return _taken(image)


def of_damage(number: int) -> bytes:
    """A carton whose corner is crushed and whose foot is wet; another for each number."""
    image, pen = _gate()
    left, foot, wide, high = 360 + number % 5 * 24, 1010, 780, 620
    _carton(pen, (left, foot), wide, high, top=True)
    corner, dent = left + wide, 120 + number % 4 * 30
    pressed = (corner - dent - 50, foot - high + dent + 50)
    # The corner is pressed in, and the carton has torn along it.
    pen.polygon(
        [
            (corner - dent * 2, foot - high - 4),
            (corner + 4, foot - high + dent * 2),
            pressed,
        ],
        fill=_DARK,
    )
    crease: list[Point] = [
        (corner - dent * 2, foot - high),
        (corner - dent - 50, foot - high + dent + 50),
    ]
    for at in range(4):
        crease.append((corner - dent + 40 * (at % 2), foot - high + dent + 80 * (at + 1)))
    pen.line(crease, fill=_DARK, width=9, joint="curve")
    wet = Image.new("L", _SIZE, 0)
    ImageDraw.Draw(wet).ellipse(
        (left + 30, foot - 190 - number % 3 * 40, left + 470, foot + 110), fill=170
    )
    ImageDraw.Draw(wet).rectangle((0, foot, *_SIZE), fill=0)
    image.paste(_WET, (0, 0), wet.filter(ImageFilter.GaussianBlur(14)))
    return _taken(image)


def _gate() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", _SIZE, _WALL)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 760, *_SIZE), fill=_FLOOR)
    for left in range(-40, 1700, 320):
        pen.line((left, 0, left, 760), fill=(178, 184, 188), width=6)
    pen.polygon([(0, 1120), (1600, 1040), (1600, 1075), (0, 1160)], fill=(222, 188, 64))
    return image, pen


def _carton(
    pen: ImageDraw.ImageDraw, at: Point, wide: int, high: int, *, top: bool = False
) -> None:
    """Its front from the lower left corner, its side, its top where nothing stands on it."""
    left, foot = at
    right, head, deep = left + wide, foot - high, wide // 5
    side = [(right, foot), (right + deep, foot - deep), (right + deep, head - deep), (right, head)]
    pen.polygon(side, fill=_SIDE, outline=_DARK)
    if top:
        lid = [(left, head), (left + deep, head - deep), (right + deep, head - deep), (right, head)]
        pen.polygon(lid, fill=_TOP, outline=_DARK)
    pen.rectangle((left, head, right, foot), fill=_FRONT, outline=_DARK, width=3)
    pen.rectangle((left, head + high // 2 - high // 24, right, head + high // 2), fill=_TAPE)
    label = (left + wide // 12, foot - high // 3, left + wide // 3, foot - high // 8)
    pen.rectangle(label, fill="white", outline=_DARK)
    for bar in range(label[0] + wide // 60, label[2] - wide // 60, max(wide // 60, 3)):
        thick = 1 + bar % 3
        pen.line((bar, label[1] + high // 40, bar, label[3] - high // 40), fill=_DARK, width=thick)


def _taken(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=88)
    return out.getvalue()
