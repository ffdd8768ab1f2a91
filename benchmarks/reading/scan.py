"""Letters of the corpus as an office's scanner gives them: a PDF whose pages are pictures.

Each page is drawn at so many dots an inch, lies a little askew (at most 2 degrees), is unevenly
lit, blurred, strewn with noise and kept as JPEG. The same letter and resolution give the same scan.
"""

import random
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter


def scan(pdf: Path, out: Path, dots: int) -> None:
    """Write the pages of a PDF into another, as pictures of so many dots an inch."""
    chance = random.Random(f"{pdf.stem} {dots}")
    askew = chance.uniform(-2, 2)
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [_spoiled(_drawn(leaf, dots), askew, dots, chance) for leaf in document]
    finally:
        document.close()
    pages[0].save(
        out, "PDF", resolution=dots, quality=chance.randint(55, 85), save_all=True,
        append_images=pages[1:],
    )  # fmt: skip


def _drawn(leaf: pypdfium2.PdfPage, dots: int) -> Image.Image:
    return leaf.render(scale=dots / 72, grayscale=True).to_pil().convert("L")


def _spoiled(picture: Image.Image, askew: float, dots: int, chance: random.Random) -> Image.Image:
    askew += chance.uniform(-0.2, 0.2)
    picture = picture.rotate(askew, Image.Resampling.BICUBIC, fillcolor=255)
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.2, 0.9) * dots / 300))
    pixels = np.asarray(picture, dtype=np.float32)
    ink, paper = chance.uniform(10, 70), chance.uniform(225, 252)
    pixels = ink + pixels / 255 * (paper - ink)
    tall, wide = pixels.shape
    across = np.linspace(chance.uniform(0.86, 1), chance.uniform(0.94, 1), wide)
    down = np.linspace(chance.uniform(0.9, 1), 1, tall)
    pixels = pixels * across[None, :].astype(np.float32) * down[:, None].astype(np.float32)
    noise = np.random.default_rng(chance.getrandbits(32))
    pixels += noise.normal(0, chance.uniform(2, 9), pixels.shape).astype(np.float32)
    specks = noise.random(pixels.shape, dtype=np.float32)
    pixels[specks < chance.uniform(0, 0.00012)] = ink
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
