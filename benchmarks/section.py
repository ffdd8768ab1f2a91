"""Sections of docs/BENCHMARKS.md that other programs write: each stands between two marks."""

from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "BENCHMARKS.md"


def kept(name: str) -> str:
    """Give a section as it stands in the page, with its marks; empty if there is none."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    begin, end = _marks(name)
    if begin not in text:
        return ""
    return f"{begin}{text.partition(begin)[2].partition(end)[0]}{end}\n"


def put(name: str, said: str) -> None:
    """Write a section anew, at the end if the page has none."""
    begin, end = _marks(name)
    section, before = f"{begin}\n{said.strip()}\n{end}\n", kept(name)
    text = PAGE.read_text("utf-8")
    new = text.replace(before, section) if before else f"{text.rstrip()}\n\n{section}"
    PAGE.write_text(new, encoding="utf-8")


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name} -->", f"<!-- end of {name} -->"
