"""Tables of docs/BENCHMARKS.md: a figure of the peer, ours, and how they stand to each other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, measured on both in the same run."""

    name: str
    peer: float
    own: float


def table(rows: list[Row]) -> str:
    """Write rows as a table in Markdown, with ratios: above 1 is more than Postfix."""
    lines = ["| | Postfix | saraban | ratio |", "| --- | ---: | ---: | ---: |"]
    for row in rows:
        ratio = row.own / row.peer
        lines.append(f"| {row.name} | {row.peer:.3g} | {row.own:.3g} | {ratio:.2f} |")
    return "\n".join(lines)
