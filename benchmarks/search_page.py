"""What was measured of search, as it is written down: one long page, and the chief tables."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import section
from benchmarks.search_asked import ALL, Taken, nth, table
from benchmarks.search_built import Built

if TYPE_CHECKING:
    from benchmarks.search import Measured

PAGE: Final = Path(__file__).parent.parent / "docs" / "BENCHMARKS-SEARCH.md"
PAPER: Final = 10_000_000
_HEAD: Final = """\
# Search, measured

Written by `make bench-search LETTERS={large} BESIDE={small}` on {when} with {cores} cores, while
the machine did {load:.1f} things at a time. The letters are generated, the same every time, 1.7 kB
of text each. An officer of one entity asks: two of three times of the one that has seven of ten
letters, else of the one that has one. A first page is twenty letters with number, parties, the
places that matched and the total, as the pages show it, and near spellings where nothing is found.
The other engines only find the newest twenty ids that hold one piece, over the same folded texts:
without total, order by field, access, second words or excerpts. All are asked in turns, by one
process beside the database; times are by the clock, the best of three for each question.
"""
_CHIEF: Final = """\
## Search

First pages of {kinds} kinds of queries. How that was measured, and each kind, stands in
[BENCHMARKS-SEARCH.md](BENCHMARKS-SEARCH.md) ({when}).
"""
_LEGEND: Final = """\
*Lag* is the longest of twenty times from a letter's commit until it was found, without the second
that the service waits between two looks; *memory* is that of a process that only searches.
"""


def write(small: "Measured", large: "Measured", speed: Sequence[Built]) -> None:
    """Write docs/BENCHMARKS-SEARCH.md, and the section of docs/BENCHMARKS.md."""
    when = datetime.now(UTC).date().isoformat()
    head = _HEAD.format(
        large=large.letters, small=small.letters, when=when, cores=os.cpu_count(),
        load=os.getloadavg()[2],
    )  # fmt: skip
    indexing, pages = _indexing(speed, small), _pages(large)
    over = _over(large, "alone"), _over(small, "side by side")
    parts = head, *over, indexing, pages, _on_paper(small, large, speed)
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    kinds = len(next(iter(large.taken.values())).wall) - 1
    chief = _CHIEF.format(kinds=kinds, when=when), _chief(small, large), "", indexing, pages
    section.put("search", "\n".join(chief))


def _over(measured: "Measured", how: str) -> str:
    lines = [f"## {measured.letters:,} letters, {how}", "", table(measured.taken), ""]
    lines += ["| | index × text | recall | lag, s | memory, MB |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    for name, built in measured.built.items():
        lines.append(
            f"| {name} | {built.share:.2f} | {measured.recall[name]:.3f} "
            f"| {measured.lag[name]:.2f} | {measured.memory[name]} |"
        )
    for other in measured.others:
        share = other.size / next(iter(measured.built.values())).text
        lines.append(f"| {other.name} | {share:.2f} | | | |")
    return "\n".join([*lines, "", _LEGEND])


def _indexing(speed: Sequence[Built], small: "Measured") -> str:
    """Tell how fast letters are indexed, and how fast the others took in folded texts."""
    lines = [f"### Indexing {speed[0].letters:,} letters", ""]
    lines += ["| | letters a second of a core | by the clock | index × text |"]
    lines += ["| --- | ---: | ---: | ---: |"]
    for built in speed:
        by_core, by_clock = built.letters / built.cpu, built.letters / built.wall
        lines.append(
            f"| saraban on {built.engine} | {by_core:,.0f} | {by_clock:,.0f} | {built.share:.2f} |"
        )
    took = ", ".join(f"{one.name} {small.letters / one.wall:,.0f}" for one in small.others)
    lines += ["", "From letters as the books have them: folding, cutting into words, documents,"]
    lines += [
        "postings and all merges. The core is this process's, without PostgreSQL's. The others"
    ]
    lines += [f"took in texts that were folded already, letters/s by the clock: {took}.", ""]
    return "\n".join(lines)


def _chief(small: "Measured", large: "Measured") -> str:
    """Give one line for each engine and size."""
    lines = ["| | letters | median, ms | p95, ms | worst, ms | index × text | recall |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for measured in (large, small):
        shares = {name: built.share for name, built in measured.built.items()}
        text = next(iter(measured.built.values())).text
        shares |= {other.name: other.size / text for other in measured.others}
        for name, taken in measured.taken.items():
            recall = f"{measured.recall[name]:.3f}" if name in measured.recall else ""
            who = f"saraban on {name}" if name in measured.built else name
            cells = taken.cell(ALL).replace(" / ", " | ")
            lines.append(
                f"| {who} | {measured.letters:,} | {cells} | {shares[name]:.2f} | {recall} |"
            )
    return "\n".join(lines)


def _pages(large: "Measured") -> str:
    lines = [f"### Pages over {large.letters:,} letters", ""]
    lines += ["Whole answers of the real server on loopback; the bytes are packed, as they travel."]
    for name, said in large.pages.items():
        lines += ["", f"On {name}:", "", said]
    return "\n".join(lines) + "\n"


def _on_paper(small: "Measured", large: "Measured", speed: Sequence[Built]) -> str:
    """Say what the measured growth would make of ten million letters."""
    lines = [f"## {PAPER:,} letters, on paper", ""]
    lines += ["As the times grew between the two sizes above, on a straight line:", ""]
    lines += ["| p95, ms | " + " | ".join(large.taken) + " |"]
    lines += ["| --- |" + " ---: |" * len(large.taken)]
    first = next(iter(large.taken.values()))
    for kind in sorted(first.wall, key=lambda one: one != ALL):
        cells = (_grown(small, large, name, kind) for name in large.taken)
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    lines += ["", *(_size(large.built[built.engine], built) for built in speed)]
    return "\n".join(lines) + "\n"


def _grown(small: "Measured", large: "Measured", name: str, kind: str) -> str:
    before, after = (_p95(one.taken[name], kind) for one in (small, large))
    steps = (PAPER - large.letters) / max(large.letters - small.letters, 1)
    return f"{max(after + (after - before) * steps, after):.0f}"


def _p95(taken: Taken, kind: str) -> float:
    return nth(sorted(taken.wall[kind]), 0.95)


def _size(built: Built, speed: Built) -> str:
    times, hours = PAPER / built.letters, PAPER * speed.cpu / speed.letters / 3600
    size, text = built.size * times / 1e9, built.text * times / 1e9
    return (
        f"- {built.engine}: {size:.0f} GB of index for {text:.0f} GB of text, made in {hours:.1f} "
        "hours of a core."
    )
