"""The two real letters of 2562: typeset from the demonstration's text, scanned, and damaged."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.reading.layered import as_lines, layered
from benchmarks.reading.read import Reader
from registry.letter.page import Page
from registry.letter.paper import PaperField
from registry.paper.read import read_pages
from saraban.demo.letter import read
from saraban.demo.typeset import typeset

LETTERS: Final = ("phrae-w4971", "dla-w3974")
_DAMAGED: Final = Path(__file__).parent.parent.parent / "tests" / "samples" / "letters"
_SHOWN: Final = (
    "number",
    "number_hint",
    "dated",
    "subject",
    "reference",
    "signer",
    "due",
    "stamp",
    "urgency",
)


def real_letters(reader: Reader, folder: Path) -> str:
    """Give what is read off the two letters, as Markdown."""
    ways: tuple[tuple[str, Callable[[Path], list[Page]]], ...] = (
        ("typeset", reader.typeset),
        ("scan of 300 dpi", lambda pdf: reader.scan(pdf, 300)),
        ("scan of 150 dpi", lambda pdf: reader.scan(pdf, 150)),
    )
    out: list[str] = []
    for name in LETTERS:
        pdf = folder / f"{name}.pdf"
        pdf.write_bytes(typeset(read(name)))
        out.append(f"\n### {name}\n")
        for way, pages in ways:
            out += [f"\n{way}:\n", *_told(read_pages(pages(pdf)))]
        text = (_DAMAGED / f"{name}.txt").read_text(encoding="utf-8")
        behind = folder / f"{name}-damaged.pdf"
        behind.write_bytes(layered((folder / f"{name}-150.pdf").read_bytes(), as_lines(text)))
        out += [
            "\nthe damaged text layer, behind a scan:\n",
            *_told(read_pages(reader.typeset(behind))),
        ]
    return "\n".join(out)


def _told(fields: list[PaperField]) -> list[str]:
    shown = [one for one in fields if one.name in _SHOWN]
    return [f"- {one.name} ({one.confidence}): {one.value or one.original}" for one in shown]
