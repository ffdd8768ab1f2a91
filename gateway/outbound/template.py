"""The texts of our mails: templates in ``texts/``, Thai, in the words of an office.

A ``.txt`` template opens with the Subject on its first line; the rest is the body. An ``.html``
template is the same letter for programs that show HTML, with all text escaped. A fact that is
missing prints nothing: a notice with one line fewer is better than a notice that never leaves.

Subjects are one clean line; bodies have no control characters and never two empty lines together.
A Subject of a copy or notice shows a long เรื่อง cut (``brief``): the mail itself says it whole. In
HTML a letter's number and a date are kept on one line (``pieces``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from registry.desk.subject import in_brief
from registry.errors import NotFound
from registry.thai.numerals import to_thai
from registry.thai.text import tidy

_FOLDER: Final = Path(__file__).parent / "texts"
_ON_ONE_LINE: Final = re.compile(
    r"[ก-ฮ]{2,4} (?:\([ก-ฮ]{1,9}\) )?[0-9๐-๙.]{1,12}/(?:ว ?)?[0-9๐-๙]{1,6}"
    r"|(?:ลงวันที่ |เมื่อวันที่ |วันที่ )?[0-9๐-๙]{1,2} [ก-ฮ][ก-๎]{4,10} (?:พ\.ศ\. ?)?[0-9๐-๙]{4}"
    r"|พ\.ศ\. ?[0-9๐-๙]{4}"
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's Subject and its plain text."""

    subject: str
    text: str


def render(name: str, facts: Mapping[str, Any]) -> Rendered:
    """Fill the template ``name``.txt. Raises NotFound when there is none."""
    subject, body = _compiled(name)
    return Rendered(one_line(subject.render(facts)), _tidied(body.render(facts)))


def render_html(name: str, facts: Mapping[str, Any]) -> str:
    """Fill the template ``name``.html."""
    return _environment().get_template(f"{name}.html").render(facts)


def one_line(text: str) -> str:
    """Return the text as one clean line of at most 900 characters, fit for a header field."""
    line = " ".join(tidy(text).split())
    return line if len(line) <= 900 else line[:899].rstrip() + "…"


def pieces(text: object) -> list[tuple[str, bool]]:
    """Cut a text into pieces, and say of each whether it must stay on one line."""
    plain, cut, at = str(text or ""), [], 0
    for found in _ON_ONE_LINE.finditer(plain):
        cut += [(plain[at : found.start()], False), (found[0], True)]
        at = found.end()
    return [*cut, (plain[at:], False)]


def _tidied(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in tidy(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


@cache
def _compiled(name: str) -> tuple[jinja2.Template, jinja2.Template]:
    path = _FOLDER / f"{name}.txt"
    if not re.fullmatch(r"[a-z_]+", name) or not path.is_file():
        raise NotFound(f"no text of a mail is called {name!r}")
    subject, _, body = path.read_text(encoding="utf-8").partition("\n")
    environment = _environment()
    return environment.from_string(subject), environment.from_string(body)


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=jinja2.select_autoescape(("html",), default_for_string=False),
        undefined=jinja2.ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: "" if value is None else value,
    )
    made.filters["thai"] = lambda value: to_thai(str(value))
    made.filters["brief"] = lambda value: in_brief(str(value or ""))
    made.filters["pieces"] = pieces
    made.filters["whole"] = lambda value: str(value).replace(" ", "\N{NO-BREAK SPACE}")
    return made
