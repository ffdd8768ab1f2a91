"""Read the corpus and write docs/READING.md: ``python -m benchmarks.reading LETTERS SCANS FOLDER``.

Every letter is read typeset, and so many of them also as scans of 300, 200 and 150 dpi. What was
not right is written into the folder (``wrong-*.txt``), for those who mend the rules.
"""

import sys
from pathlib import Path
from typing import Final

from benchmarks.reading.compare import Score
from benchmarks.reading.corpus import corpus
from benchmarks.reading.read import Reader
from benchmarks.reading.real import real_letters
from benchmarks.reading.report import report
from registry.paper.read import read_pages

DOTS: Final = (300, 200, 150)
_REPORT: Final = Path(__file__).parent.parent.parent / "docs" / "READING.md"


def main(letters: int, scans: int, folder: Path) -> None:
    """Measure over so many letters, kept in this folder."""
    reader = Reader()
    scores = {"typeset": Score()} | {f"{dots} dpi": Score() for dots in DOTS}
    wrong: dict[str, list[str]] = {name: [] for name in scores}
    for at, sample in enumerate(corpus(folder, letters)):
        ways = {"typeset": reader.typeset(sample.pdf)}
        for dots in DOTS:  # spread over all; what was read before counts as well
            if (at * scans) % letters < scans or reader.has_read(sample.pdf, dots):
                ways[f"{dots} dpi"] = reader.scan(sample.pdf, dots)
        for name, pages in ways.items():
            lines = scores[name].add(sample.fields, read_pages(pages))
            wrong[name] += [f"{sample.name} {sample.kind} {sample.font}: {line}" for line in lines]
        if at % 20 == 19:
            print(at + 1, "letters", flush=True)
    for name, lines in wrong.items():
        text = "\n".join(lines)
        (folder / f"wrong-{name.replace(' ', '')}.txt").write_text(text, encoding="utf-8")
    _REPORT.write_text(
        report(letters, scores, reader, real_letters(reader, folder)), encoding="utf-8"
    )


if __name__ == "__main__":
    asked = sys.argv[1:]
    count = int(asked[0]) if asked else 300
    scanned = int(asked[1]) if len(asked) > 1 else count
    main(count, min(scanned, count), Path(asked[2] if len(asked) > 2 else "build/reading"))
