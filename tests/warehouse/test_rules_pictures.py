"""What is kept of a picture, and what is no picture."""

from __future__ import annotations

import io
import struct
import zlib
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import InputError
from tests.factories.pictures import drawn, moving, saved, with_gps
from warehouse.rules import pictures as rules
from warehouse.rules.pictures import Kept, Picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"<script>alert(1)</script>"


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def colour_at(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def bomb(width: int, height: int) -> bytes:
    """A PNG whose head says that it is so large; there is next to nothing in it."""

    def chunk(kind: bytes, told: bytes) -> bytes:
        return (
            struct.pack(">I", len(told)) + kind + told + struct.pack(">I", zlib.crc32(kind + told))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packed = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + packed + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_written_anew_as_a_jpeg(kind: str) -> None:
    kept = rules.read("gate.jpg", drawn(kind))

    image = opened(kept.content)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (64, 48))
    assert (kept.width, kept.height) == (64, 48)
    assert opened(kept.thumbnail).size == (64, 48)
    assert kept.sha256 == sha256(kept.content).hexdigest()
    left, right = colour_at(image, 8, 24), colour_at(image, 56, 24)
    assert (max(left) < 20, right[0] > 235, max(right[1:]) < 20) == (True, True, True)


def test_it_is_turned_as_the_camera_was_held_and_tells_nothing_of_it() -> None:
    kept = rules.read("gate.jpg", with_gps())

    image = opened(kept.content)
    assert image.size == (48, 64)
    assert max(colour_at(image, 24, 8)) < 20, "what was on the left is above"
    assert dict(image.getexif()) == {}
    assert {"exif", "comment", "xmp", "icc_profile"} & set(image.info) == set()
    for one in (kept.content, kept.thumbnail):
        assert b"SECRET" not in one
        assert b"Exif" not in one


def test_a_large_one_is_made_smaller_and_its_thumbnail_smaller_still() -> None:
    kept = rules.read("gate.jpg", drawn(size=(4200, 1000)))

    assert (kept.width, kept.height) == (2048, 488)
    assert opened(kept.thumbnail).size == (480, 114)


def test_what_is_clear_becomes_white() -> None:
    kept = rules.read("gate.png", saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))

    assert opened(kept.content).getpixel((10, 10)) == (255, 255, 255)


def test_the_same_file_gives_the_same_bytes_and_its_name_says_nothing() -> None:
    assert rules.read("a.jpg", drawn()) == rules.read("b.exe", drawn())


def test_what_telephones_put_behind_a_picture_is_left_out() -> None:
    film = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40
    blue = drawn(color="blue")
    for behind in (bytes(30), blue, blue * 8, blue + film, film, b"..SEFT"):
        assert rules.read("motion.jpg", drawn() + behind) == rules.read("a.jpg", drawn())


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", rules.PictureEmpty),
        (b"\xff\xd8\xff" + bytes(rules.MAX_BYTES), rules.PictureTooLarge),
        (b"MZ" + bytes(100), rules.PictureOfAnotherKind),
        (SVG, rules.PictureOfAnotherKind),
        (b"%PDF-1.7\n%%EOF", rules.PictureOfAnotherKind),
        (drawn("GIF"), rules.PictureOfAnotherKind),
        (drawn("TIFF"), rules.PictureOfAnotherKind),
        (drawn()[:-200], rules.PictureBroken),
        (drawn("PNG")[:-20], rules.PictureBroken),
        (drawn("WEBP")[:-4], rules.PictureBroken),
        (b"\xff\xd8\xff\xd9", rules.PictureBroken),
        (bomb(2000, 2000), rules.PictureBroken),
        (moving("PNG"), rules.PictureMoves),
        (moving("WEBP"), rules.PictureMoves),
        (drawn() + SCRIPT, rules.PictureWithMore),
        (drawn() + drawn(color="blue") + SCRIPT, rules.PictureWithMore),
        (drawn("PNG") + SCRIPT, rules.PictureWithMore),
        (drawn("WEBP") + SCRIPT, rules.PictureWithMore),
        (drawn() + b"PK\x03\x04", rules.PictureWithMore),
        (drawn() + drawn(color="blue") * 9, rules.PictureWithMore),
        # In one pass, and not a copy of the rest for each of them.
        (drawn() + b"\xff\xd8\xff\xd9" * 100_000, rules.PictureWithMore),
        (bomb(7072, 7072), rules.PictureOfTooManyPixels),
        (bomb(60_000, 60_000), rules.PictureOfTooManyPixels),
    ],
)
def test_what_is_no_still_picture_is_refused_by_name(
    content: bytes, refusal: type[InputError]
) -> None:
    with pytest.raises(refusal) as raised:
        rules.read("C:\\a\\gate.jpg", content)

    assert raised.value.facts["file"] == "gate.jpg"


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([drawn(), drawn("PNG"), drawn("WEBP"), drawn(progressive=True)]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    st.integers(0, 40),
)
def test_whatever_is_spoilt_in_a_file_it_is_a_picture_or_refused(
    content: bytes, spoilt: list[tuple[int, int]], cut: int
) -> None:
    told = bytearray(content[: len(content) - cut])
    for at, value in spoilt:
        told[at % len(told)] = value
    try:
        kept = rules.read("gate.jpg", bytes(told)).content
    except InputError:
        kept = drawn()
    # Whatever else it raises fails here.
    assert opened(kept).format == "JPEG"


def a_picture(number: int) -> Picture:
    return Picture(b"%d" % number, b"", 1, 1)


def stands(number: int, line: int | None = 1, *, size: int = 1, gone: bool = False) -> Kept:
    return Kept(line, a_picture(number).sha256, size, gone)


def test_each_is_kept_once_of_a_line_and_a_withdrawn_one_again() -> None:
    sent = [a_picture(n) for n in (1, 2, 2, 3)]
    before = [stands(1), stands(2, line=None), stands(3, gone=True)]

    new = rules.choose_new(sent, before, 1)

    assert new == [(a_picture(2), 0), (a_picture(3), 1)]


def test_a_line_has_twelve_and_a_shipment_so_many_bytes() -> None:
    twelve = [stands(n) for n in range(12)]

    assert rules.choose_new([a_picture(3)], twelve, 1) == []
    assert rules.choose_new([a_picture(12)], twelve, None) == [(a_picture(12), 0)]
    with pytest.raises(rules.TooManyPictures):
        rules.choose_new([a_picture(12)], twelve, 1)
    assert rules.choose_new([a_picture(12)], [*twelve[1:], stands(0, gone=True)], 1)

    full = [stands(0, line=2, size=rules.MOST_KEPT - 2, gone=True)]
    assert len(rules.choose_new([a_picture(1), a_picture(2)], full, 1)) == 2
    with pytest.raises(rules.PicturesFull):
        rules.choose_new([a_picture(1), a_picture(2), a_picture(3)], full, 1)


def test_some_files_are_sent_together_and_words_are_short() -> None:
    rules.check_count(6)
    with pytest.raises(rules.NoPictures):
        rules.check_count(0)
    with pytest.raises(rules.TooManyAtOnce):
        rules.check_count(7)
    assert rules.tidy_caption(" 箱角\n压坏 ") == "箱角 压坏"
    with pytest.raises(rules.CaptionTooLong):
        rules.tidy_caption("x" * 121)
    for reason in ("", " \n", "x" * 201):
        with pytest.raises(rules.WithdrawalWithoutReason):
            rules.tidy_reason(reason)
