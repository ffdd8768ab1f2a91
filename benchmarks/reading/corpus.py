"""The corpus on disk: letters as PDF with their truth as JSON, kept for measuring again.

``python -m benchmarks.reading.corpus FOLDER [COUNT] [SEED]`` writes what is missing.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.reading.compose import compose
from benchmarks.reading.typeset import typeset

SEED: Final = 2569
VERSION: Final = 3  # of the letters: a folder of another version is written anew


@dataclass(frozen=True, slots=True)
class Sample:
    """One letter of the corpus: its PDF, and what is true of it."""

    name: str
    pdf: Path
    kind: str
    font: str
    thai: bool
    fields: list[dict[str, Any]]  # name, value, position, facts as registry.letter.paper has them


def corpus(folder: Path, count: int, seed: int = SEED) -> Iterator[Sample]:
    """Give so many letters, written into the folder where they are not there yet."""
    folder = folder / f"v{VERSION}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    for place in range(count):
        pdf, truth = (folder / f"{place:04}{end}" for end in (".pdf", ".json"))
        if not truth.exists():
            _write(pdf, truth, seed, place)
        yield Sample(f"{place:04}", pdf, **json.loads(truth.read_text(encoding="utf-8")))


def _write(pdf: Path, truth: Path, seed: int, place: int) -> None:
    letter = compose(seed, place)
    _put(pdf, typeset(letter))
    told = {
        "kind": letter.kind,
        "font": letter.look.font,
        "thai": letter.look.thai,
        "fields": letter.truth,
    }
    _put(truth, json.dumps(told, ensure_ascii=False, indent=1).encode())


def _put(path: Path, data: bytes) -> None:
    """Write a file so that another process that writes the same one sees all of it or nothing."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_bytes(data)
    beside.replace(path)


if __name__ == "__main__":
    for sample in corpus(Path(sys.argv[1]), *(int(one) for one in sys.argv[2:])):
        print(sample.name, sample.kind, sample.font, sample.fields[0]["value"])
