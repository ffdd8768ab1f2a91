"""Measure how letters are read, and write docs/READING.md: ``python -m benchmarks.reading``.

The rules were made over letters of other seeds (:data:`benchmarks.reading.corpus.SEED` among them);
of these here none was looked at before. Every letter is read typeset, and so many of them also as a
scan, other letters at each resolution. What OCR reads is kept in the folder, so that several
processes may each take a part (``--part 1/2``, ``--part 2/2``) before one without a part counts
all of it and writes the page within minutes, ``--kept`` only what they came to. What was not right
is written into the folder (``wrong-*.txt``), for those who mend the rules.
"""

import argparse
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from benchmarks.reading.compare import Score
from benchmarks.reading.corpus import SEED, Sample, corpus
from benchmarks.reading.damaged import damaged
from benchmarks.reading.read import Reader
from benchmarks.reading.real import real_letters
from benchmarks.reading.report import Measured, report
from registry.letter.page import Page
from registry.paper.read import read_pages

_REPORT: Final = Path(__file__).parent.parent.parent / "docs" / "READING.md"
_LAYERS: Final = 40  # letters at most that are read off a layer behind their scan
_LAYERED: Final = 300  # dots an inch of the scans that these are laid behind
_TOLD: Final = 20  # letters between two words of how far it has come


def main() -> None:
    """Measure as the command line asks."""
    asked = _asked()
    seeds = [int(one) for one in asked.seeds.split(",")]
    scans = {
        int(dots): int(many) for dots, many in (one.split(":") for one in asked.scans.split(","))
    }
    samples = list(chain.from_iterable(corpus(asked.folder, asked.letters, one) for one in seeds))
    reader, plan = Reader(), _plan(scans, len(samples))
    if asked.part:
        _fill(reader, samples, plan, asked.part, asked.folder)
        return
    if asked.kept:
        plan = [
            [dots for dots in scanned if reader.has_read(sample.pdf, dots)]
            for sample, scanned in zip(samples, plan, strict=True)
        ]
    measured = Measured(seeds, reader, _scores(scans))
    _measure(measured, samples, plan)
    for sample in corpus(asked.folder, asked.letters, SEED):
        measured.made_over.add(sample.fields, read_pages(reader.typeset(sample.pdf)))
    for name, lines in measured.wrong.items():
        path = asked.folder / f"wrong-{name.replace(' ', '')}.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
    asked.page.write_text(report(measured, real_letters(reader, asked.folder)), encoding="utf-8")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.reading")
    parser.add_argument(
        "--seeds", default="7101,7102,7103", help="of letters that no rule was made over"
    )
    parser.add_argument("--letters", type=int, default=150, help="of each seed")
    parser.add_argument(
        "--scans", default="300:340,200:24,150:24", help="letters at each resolution"
    )
    parser.add_argument("--part", default="", help="1/2: read every second letter's scan, and end")
    parser.add_argument(
        "--kept", action="store_true", help="count only scans that were read before"
    )
    parser.add_argument("--page", type=Path, default=_REPORT, help="what is written")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/reading"))
    return parser.parse_args()


def _scores(scans: dict[int, int]) -> dict[str, Score]:
    names = ["typeset", *(f"{dots} dpi" for dots in scans), "damaged layer"]
    return {name: Score() for name in names}


def _plan(scans: dict[int, int], letters: int) -> list[list[int]]:
    """Give for each letter the resolutions at which it is scanned: each takes the next ones."""
    plan: list[list[int]] = [[] for _ in range(letters)]
    first = 0
    for dots, many in scans.items():
        for at in range(first, first + min(many, letters)):
            plan[at % letters].append(dots)
        first += many
    return plan


def _fill(
    reader: Reader, samples: list[Sample], plan: list[list[int]], asked: str, folder: Path
) -> None:
    """Read the scans of one part, and with the first part those of the two real letters."""
    part, of = map(int, asked.split("/"))
    if part == 1:
        real_letters(reader, folder)
    mine = list(zip(samples, plan, strict=True))[part - 1 :: of]
    for at, (sample, scanned) in enumerate(mine):
        for dots in scanned:
            reader.scan(sample.pdf, dots)
        if at % _TOLD == _TOLD - 1:
            print("part", part, "letter", at + 1, "of", len(mine), flush=True)


def _measure(measured: Measured, samples: list[Sample], plan: list[list[int]]) -> None:
    for at, (sample, scanned) in enumerate(zip(samples, plan, strict=True)):
        for name, pages in _ways(measured.reader, sample, scanned, at):
            _count(measured, name, sample, pages)
        if at % _TOLD == _TOLD - 1:
            print(at + 1, "letters", flush=True)


def _ways(
    reader: Reader, sample: Sample, scanned: list[int], at: int
) -> Iterator[tuple[str, list[Page]]]:
    typeset = reader.typeset(sample.pdf)
    yield "typeset", typeset
    for dots in scanned:
        yield f"{dots} dpi", reader.scan(sample.pdf, dots)
    if at < _LAYERS and _LAYERED in scanned:
        yield "damaged layer", Reader().typeset(damaged(sample.pdf, typeset))


def _count(measured: Measured, name: str, sample: Sample, pages: list[Page]) -> None:
    lines = measured.scores[name].add(sample.fields, read_pages(pages))
    said = [
        f"{sample.pdf.parent.name}/{sample.name} {sample.kind} {sample.font}: {one}"
        for one in lines
    ]
    measured.wrong.setdefault(name, []).extend(said)


if __name__ == "__main__":
    main()
