"""What a picture of the gate must be, and what is kept of it.

A file is judged by its content, never by its name, and nothing of it is kept as it came: it is
unpacked, turned as the camera was held, made smaller and written anew as a JPEG. So neither the
place and the device that stand in it, nor a thing hidden in it, is kept or handed on.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from PIL import Image

from accounts.rules.admitting import tidy_line
from accounts.rules.documents import tidy_name
from core.errors import DomainError, InputError
from warehouse.rules.picture_bytes import Outline, has_more, outline

MAX_BYTES = 10_000_000
MAX_PIXELS = 50_000_000
#: Files that are sent together.
MOST_AT_ONCE = 6
#: Pictures that stand of one line, or of the shipment as a whole.
MOST_OF_ONE = 12
#: Bytes kept of one shipment, what was withdrawn included.
MOST_KEPT = 60_000_000
#: Longest sides, in pixels, of what is kept and of what lists and letters show.
LONGEST, SMALL = 2048, 480
LONGEST_CAPTION, LONGEST_REASON = 120, 200
#: The first that makes it small enough is taken; the last one is taken as it is.
_QUALITIES = (85, 70, 50, 30)
_MOST_OF_A_PICTURE = 1_500_000
#: Exif's way to say how the camera was held.
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: What Pillow raises of files that are not what they say.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, OverflowError, EOFError)


class PictureEmpty(InputError):
    """The picture's file is empty."""

    code = "warehouse.picture_empty"


class PictureTooLarge(InputError):
    """A picture has at most 10 MB."""

    code = "warehouse.picture_too_large"


class PictureOfAnotherKind(InputError):
    """A picture is a JPEG, a PNG or a WebP; what is inside the file counts, not its name."""

    code = "warehouse.picture_of_another_kind"


class PictureBroken(InputError):
    """This picture cannot be read to its end; take it again."""

    code = "warehouse.picture_broken"


class PictureMoves(InputError):
    """A picture stands still; one of several frames is not taken."""

    code = "warehouse.picture_moves"


class PictureWithMore(InputError):
    """After the picture something else stands in this file; such a file is not taken."""

    code = "warehouse.picture_with_more"


class PictureOfTooManyPixels(InputError):
    """A picture has at most 50 million pixels."""

    code = "warehouse.picture_of_too_many_pixels"


class NoPictures(InputError):
    """Choose at least one picture."""

    code = "warehouse.no_pictures"


class TooManyAtOnce(InputError):
    """At most 6 pictures are sent together."""

    code = "warehouse.too_many_pictures_at_once"


class CaptionTooLong(InputError):
    """What a picture shows is said in at most 120 characters."""

    code = "warehouse.caption_too_long"


class TooManyPictures(DomainError):
    """Of a line, and of a shipment as a whole, at most 12 pictures stand."""

    code = "warehouse.too_many_pictures"


class PicturesFull(DomainError):
    """The pictures of a shipment have at most 60 MB together, withdrawn ones included."""

    code = "warehouse.pictures_full"


class ShipmentNotAtGate(DomainError):
    """Pictures are taken of a shipment once customs has cleared it into this warehouse."""

    code = "warehouse.shipment_not_at_gate"


class PictureAlreadyWithdrawn(DomainError):
    """This picture was withdrawn before."""

    code = "warehouse.picture_already_withdrawn"


class WithdrawalWithoutReason(InputError):
    """A picture is withdrawn with a reason, of at most 200 characters."""

    code = "warehouse.withdrawal_without_reason"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is kept: a JPEG, a smaller one for lists, and the size of the former in pixels."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that is kept of a line or a shipment."""

    line: int | None
    sha256: str
    size: int
    is_withdrawn: bool


def check_size(name: str, size: int) -> None:
    """Before anything is read. Raises PictureEmpty, PictureTooLarge."""
    if size <= 0:
        raise PictureEmpty(file=tidy_name(name))
    if size > MAX_BYTES:
        raise PictureTooLarge(file=tidy_name(name), bytes=size, most=MAX_BYTES)


def read(name: str, content: bytes) -> Picture:
    """What is kept of a file. The same file gives the same bytes, with one version of Pillow.

    Raises as check_size, PictureOfAnotherKind, PictureOfTooManyPixels, PictureBroken,
    PictureWithMore or PictureMoves, each with the file's name.
    """
    check_size(name, len(content))
    file = tidy_name(name)
    told = outline(content)
    if told is None:
        raise PictureOfAnotherKind(file=file)
    _check_pixels(file, told.width, told.height)
    if not told.end or not told.width or not told.height:
        raise PictureBroken(file=file)
    if has_more(content, told.end):
        raise PictureWithMore(file=file)
    try:
        # Pillow must not find another picture in it than the one that was looked at.
        shown = _unpacked(file, content[: told.end], told)
    except Image.DecompressionBombError:
        raise PictureOfTooManyPixels(file=file) from None
    except (*_BROKEN, struct.error, zlib.error):
        raise PictureBroken(file=file) from None
    small = shown.copy()
    small.thumbnail((SMALL, SMALL))
    return Picture(_written(shown), _written(small), *shown.size)


def _check_pixels(file: str, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PictureOfTooManyPixels(file=file, width=width, height=height)


def _unpacked(file: str, content: bytes, told: Outline) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=[told.kind]) as opened:
        _check_pixels(file, *opened.size)
        # A JPEG with a second one behind it is a photograph of a telephone, and does not move.
        if told.kind != "JPEG" and getattr(opened, "n_frames", 1) > 1:
            raise PictureMoves(file=file)
        turn = _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
        # Unpacks a large JPEG no larger than is needed.
        opened.draft("RGB", (LONGEST, LONGEST))
        opened.load()
        found: Image.Image = opened
        if found.mode not in ("L", "RGB", "RGBA", "CMYK"):
            found = found.convert("RGBA" if found.has_transparency_data else "RGB")
        found.thumbnail((LONGEST, LONGEST), reducing_gap=2.0)
        # Made anew: nothing that stood in the file beside its pixels comes along.
        clean = Image.new("RGB", found.size, "white")
        clean.paste(found.convert("RGB"), mask=found if found.mode == "RGBA" else None)
    return clean.transpose(turn) if turn is not None else clean


def _written(shown: Image.Image) -> bytes:
    for quality in _QUALITIES:
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= _MOST_OF_A_PICTURE:
            break
    return out.getvalue()


def check_count(count: int) -> None:
    """Files of one sending. Raises NoPictures, TooManyAtOnce."""
    if not count:
        raise NoPictures()
    if count > MOST_AT_ONCE:
        raise TooManyAtOnce(pictures=count, most=MOST_AT_ONCE)


def tidy_caption(text: str) -> str:
    """On one line. Raises CaptionTooLong."""
    told = tidy_line(text)
    if len(told) > LONGEST_CAPTION:
        raise CaptionTooLong(characters=len(told), most=LONGEST_CAPTION)
    return told


def tidy_reason(text: str) -> str:
    """On one line. Raises WithdrawalWithoutReason."""
    told = tidy_line(text)
    if not 0 < len(told) <= LONGEST_REASON:
        raise WithdrawalWithoutReason(characters=len(told), most=LONGEST_REASON)
    return told


def choose_new(
    sent: Sequence[Picture], before: Sequence[Kept], line: int | None
) -> list[tuple[Picture, int]]:
    """Those that do not stand there yet, each once, and how often it was withdrawn before.

    ``before``: all that are kept of the shipment. Raises TooManyPictures, PicturesFull.
    """
    own = [one for one in before if one.line == line]
    standing = {one.sha256 for one in own if not one.is_withdrawn}
    new = {one.sha256: one for one in sent if one.sha256 not in standing}
    if len(standing) + len(new) > MOST_OF_ONE:
        raise TooManyPictures(pictures=len(standing) + len(new), most=MOST_OF_ONE)
    size = sum(one.size for one in before) + sum(len(one.content) for one in new.values())
    if size > MOST_KEPT:
        raise PicturesFull(bytes=size, most=MOST_KEPT)
    return [(one, sum(kept.sha256 == digest for kept in own)) for digest, one in new.items()]
