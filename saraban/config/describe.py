"""The settings in words: ``docs/CONFIG.md`` and the sample configuration, both made from the code.

A test compares the two files with what is made here, so that no key is ever undocumented.
``python -m saraban.config.describe`` writes both anew.
"""

from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from saraban.config.sections import CHOICES, MANY, SINGLE

HEAD = """# Settings

Made from the code by `python -m saraban.config.describe`; do not edit by hand.

`saraban.toml` holds one section for each part. Every key can also be given in the environment as
`SARABAN__SECTION__KEY`, as a TOML literal or plain text; the environment wins. Sections in double
brackets may stand several times; in the environment they set the one without an `entity`. Sizes
are bytes, MB is 1,000,000 bytes, times are seconds unless a key says otherwise.
"""


def render() -> str:
    """Give the text of docs/CONFIG.md."""
    parts = [HEAD]
    for name, kind in {**SINGLE, **MANY}.items():
        title = f"[[{name}]]" if name in MANY else f"[{name}]"
        about = (kind.__doc__ or "").strip().partition(" - ")[2]
        parts.append(f"## `{title}`\n\n{about[:1].upper()}{about[1:]}\n")
        parts.append("| key | default | meaning |\n| --- | --- | --- |")
        parts.extend(_row(name, one) for one in fields(kind))
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


def sample() -> str:
    """Give the text of config/saraban.sample.toml: every key with its default, commented out."""
    lines = ["# Settings of a saraban installation; see docs/CONFIG.md.", ""]
    for name, kind in {**SINGLE, **MANY}.items():
        lines.append(f"# [[{name}]]" if name in MANY else f"[{name}]")
        for one in fields(kind):
            lines.append(f"# {one.metadata['doc']}")
            lines.append(f"# {one.name} = {toml(default_of(one))}")
        lines.append("")
    return "\n".join(lines)


def meaning(section: str, one: "Field[Any]") -> str:
    """Give what a key means, with the values it may have where there are few."""
    told: str = one.metadata["doc"]
    choices = CHOICES.get((section, one.name))
    if choices and not any(choice + ":" in told for choice in choices):
        told += " One of " + ", ".join(choices) + "."
    return told


def _row(section: str, one: "Field[Any]") -> str:
    return f"| `{one.name}` | `{toml(default_of(one))}` | {meaning(section, one)} |"


def default_of(one: "Field[Any]") -> Any:
    """Give what a key is where the file says nothing."""
    return one.default if one.default_factory is MISSING else one.default_factory()


def toml(value: Any) -> str:
    """Give a value as it stands in the file."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case tuple():
            return "[" + ", ".join(toml(one) for one in value) + "]"
        case Path():
            return '""'
        case _:
            return f'"{value}"'


def main() -> None:
    """Write both files anew, from the root of the project."""
    Path("docs").mkdir(exist_ok=True)
    Path("docs/CONFIG.md").write_text(render(), encoding="utf-8")
    Path("config/saraban.sample.toml").write_text(sample(), encoding="utf-8")


if __name__ == "__main__":
    main()
