"""Lines of figures and letters as a scanner would give them, with what each glyph is.

The digit reader learns from these. Fonts come from Debian packages (fonts-thai-tlwg,
fonts-noto-core, fonts-arundina) and from the wheel fontpkg-sarabun; a line is set at the size that
11 to 18 points have at 150 to 600 dpi and then spoiled: blur, noise, uneven light, thick and thin
ink, a slight turn, a threshold, JPEG. The same seed gives the same lines.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import fontpkg_sarabun
import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from registry.pdf.digits_shape import ARABIC, CLASSES, THAI
from registry.pdf.glyphs import Blot, Grey, Row, cut, take_apart

DEBIAN = Path("/usr/share/fonts/truetype")
FONTS: dict[str, list[Path]] = {
    name: [DEBIAN / "tlwg" / f"{name}{style}.ttf" for style in ("", "-Bold")]
    for name in (
        "Garuda", "Kinnari", "Laksaman", "Loma", "Norasi", "Purisa", "Sawasdee", "TlwgMono",
        "TlwgTypewriter", "TlwgTypist", "TlwgTypo", "Umpush", "Waree",
    )
} | {
    name: [DEBIAN / "noto" / f"{name}-{style}.ttf" for style in ("Regular", "Bold")]
    for name in ("NotoLoopedThai", "NotoSansThai", "NotoSerifThai")
} | {
    name: [DEBIAN / "arundina" / f"{name}{style}.ttf" for style in ("", "-Bold")]
    for name in ("ArundinaSans", "ArundinaSansMono", "ArundinaSerif")
} | {
    "Sarabun": [
        Path(fontpkg_sarabun.__file__).parent / "files" / f"Sarabun-{style}.ttf"
        for style in ("Regular", "Bold", "Medium", "Light")
    ]
}  # fmt: skip
"""The families, each with its files."""

LEFT_OUT = ("Waree",)
"""Never learnt from: the tests ask for these."""

# No O, o, I or l: by their shape alone they are figures, and what stands around them decides.
_WORDS = (  # noqa: SIM905 - read as a text
    "ที่ ลงวันที่ เรื่อง อ้างถึง เรียน มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม "
    "กันยายน ตุลาคม พฤศจิกายน ธันวาคม พ.ศ. จำนวน ชุด ฉบับ แผ่น โทร. โทรสาร ต่อ ด่วนที่สุด หนังสือ กรม จังหวัด "
    "อำเภอ สำนักงาน ถนน กทม. เลขที่ เลขรับ วันที่ เวลา น. มติ คณะรัฐมนตรี ระยะ ข้อ หน้า ซอย หมู่ ฯ ๆ "
    "พร มท นร ศธ สธ กค ว ลับ ของ และ ได้ ให้ ใน เป็น QR www mane ext."
).split()
_LETTERS = "กขคฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะาเแโใไฯๆฤABCDEGPQSTZabcdegipqstz()():,'\"%"
_ABOVE = "ิีึืัํ็่้๊๋์"
_BELOW = "ุู"


@dataclass(frozen=True, slots=True)
class _Set:
    """A thing that was set: a figure, or "" for letters, and the pixels its ink takes across."""

    char: str
    left: float
    right: float


def glyphs(seed: int, family: str, lines: int) -> Iterator[tuple[list[Blot], list[int], Row]]:
    """Give for each of so many lines its glyphs, what they are, and the line taken apart."""
    chance = random.Random(f"{seed} {family}")  # noqa: S311 - no secret
    for _ in range(lines):
        picture, things = line(chance, family)
        row = take_apart(picture)
        blots: list[Blot] = []
        names: list[int] = []
        for blot in row.blots:
            for part, char in _named(blot, things, row.scale):
                blots.append(part)
                names.append(CLASSES.index(char))
        if blots:
            yield blots, names, row


def line(chance: random.Random, family: str) -> tuple[Grey, list[_Set]]:
    """Set one line and spoil it."""
    dots = chance.choice((150, 150, 200, 200, 200, 300, 300, 300, 400, 600))
    points = chance.uniform(11, 17) * (1.25 if family in {"Laksaman", "Sarabun"} else 1)
    size = max(16, round(points * dots / 72))
    font = ImageFont.truetype(str(chance.choice(FONTS[family])), size)
    picture = Image.new("L", (size * 22, round(size * 1.9)), 255)
    things = _set(chance, ImageDraw.Draw(picture), font, size)
    end = max((thing.right for thing in things), default=size) + size * 0.5
    top, bottom = chance.uniform(0.0, 0.25), chance.uniform(1.5, 1.9)
    picture = picture.crop(
        (0, round(top * size), min(picture.width, round(end)), round(bottom * size))
    )
    return _spoiled(chance, picture, size), things


def _set(
    chance: random.Random, draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, size: int
) -> list[_Set]:
    things: list[_Set] = []
    at, foot = size * 0.4, size * 1.25
    close = chance.choice((0.0, 0.0, 0.0, 0.0, -0.03, -0.05, 0.03)) * size
    while at < size * 17:
        text = _text(chance, _held(str(font.path)))
        figures = text[0] in THAI + ARABIC
        for part in text if figures else (text,):
            left, right = _ink(font, part)
            draw.text((at, foot), part, fill=0, font=font, anchor="ls")
            things.append(_Set(part if part in CLASSES else "", at + left, at + right))
            at += font.getlength(part) + (close if figures else 0)
        at += size * chance.choice((0.0, 0.2, 0.3, 0.5))
    return things


def _ink(font: ImageFont.FreeTypeFont, text: str) -> tuple[float, float]:
    mask, (before, _) = font.getmask2(text, mode="L", anchor="ls")
    left, _, right, _ = mask.getbbox() or (0, 0, 0, 0)
    return before + left, before + right


@cache
def _held(path: str) -> frozenset[int]:
    """Which characters a font has; some Thai fonts have no Latin ones."""
    return frozenset(TTFont(path, lazy=True).getBestCmap())


def _text(chance: random.Random, held: frozenset[int]) -> str:
    while True:
        text = _any_text(chance)
        if all(ord(char) in held for char in text):
            return text


def _any_text(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.55:
        digits = THAI if chance.random() < 0.6 else ARABIC
        form = chance.choice(
            (
                "##.#",
                "####.#/#",
                "####",
                "##",
                "#",
                "###/####",
                "#-####-####",
                "#/#",
                "#.",
                "####.##/###",
                "#####",
            )
        )
        return "".join(chance.choice(digits) if sign == "#" else sign for sign in form)
    if kind < 0.75:
        return chance.choice(_WORDS)
    letters = []
    for _ in range(chance.randint(1, 4)):
        letter = chance.choice(_LETTERS)
        if "ก" <= letter <= "ฮ" and chance.random() < 0.35:
            letter += chance.choice(_ABOVE) if chance.random() < 0.7 else chance.choice(_BELOW)
        letters.append(letter)
    return "".join(letters)


def _spoiled(chance: random.Random, picture: Image.Image, size: int) -> Grey:
    if chance.random() < 0.6:
        picture = picture.rotate(chance.uniform(-0.6, 0.6), Image.Resampling.BICUBIC, fillcolor=255)
    weight = chance.random()
    if size > 40 and weight < 0.3:
        changed = picture.filter(
            ImageFilter.MinFilter(3) if weight < 0.17 else ImageFilter.MaxFilter(3)
        )
        picture = Image.blend(picture, changed, chance.uniform(0.3, 1.0))
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.028) * size))
    noise = np.random.default_rng(chance.getrandbits(32))
    pixels = np.asarray(picture, dtype=np.float32)
    ink, paper = chance.uniform(0, 90), chance.uniform(215, 255)
    pixels = ink + pixels / 255 * (paper - ink)
    pixels *= np.linspace(chance.uniform(0.85, 1), 1, pixels.shape[1])[None, :]
    pixels += noise.normal(0, chance.uniform(0, 16), pixels.shape)
    if chance.random() < 0.15:
        pixels = np.where(pixels > (ink + paper) / 2 * chance.uniform(0.9, 1.15), 255, 0)
    spoiled = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if chance.random() < 0.5:
        file = io.BytesIO()
        spoiled.save(file, "JPEG", quality=chance.randint(35, 90))
        spoiled = Image.open(file)
    return np.asarray(spoiled.convert("L"))


def _named(blot: Blot, things: list[_Set], scale: int) -> Iterator[tuple[Blot, str]]:
    """Say what a glyph is; of figures that touch, also what the cut ones are."""
    left, right = blot.left / scale, blot.right / scale
    held, grazed = [], False
    for thing in things:
        shared = min(right, thing.right) - max(left, thing.left)
        if thing.char and shared >= 0.6 * (thing.right - thing.left):
            held.append(thing)
        elif shared > max(1.0, 0.15 * (right - left)):
            grazed = True
    if len(held) == 1 and not grazed:
        yield blot, held[0].char
        return
    yield blot, ""
    if len(held) > 1 and not grazed:
        cuts = [(one.right + two.left) / 2 * scale for one, two in pairwise(held)]
        edges = [blot.left, *map(round, cuts), blot.right]
        for thing, (begin, end) in zip(held, pairwise(edges), strict=True):
            if end - begin >= 2:
                yield cut(blot, begin, end), thing.char
