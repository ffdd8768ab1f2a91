"""The officers' guide, as the pages show it: one topic a file of ``help/``, in plain Markdown.

Served from here, so that it can be read where there is no other network. Of Markdown only what the
guide is written in is understood: headings, paragraphs, lists, numbered steps, quotations, tables,
``code``, **bold**, and a picture on a line of its own, ``![what it shows](pictures/name.webp)``.
All else is text, and all text is escaped. The pictures are made from the running pages by ``make
pictures``.

``clerks.md`` stands apart: two pages for clerks, to be printed and handed out. docs/CLERKS.md is
the same text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

from saraban.web.assets import path_of
from saraban.web.breaks import breakable

_TEXTS: Final = files("saraban.web") / "help"
_CLERKS: Final = "clerks.md"
_PICTURE: Final = re.compile(r"!\[(?P<alt>[^]]+)\]\(pictures/(?P<name>[\w-]+\.webp)\)")
_ABOUT: Final = {
    "/inbox": "receive", "/letters": "receive", "/entries": "letter", "/counter": "counter",
    "/books": "books", "/send": "send", "/drafts": "drafts", "/numbers": "numbers",
    "/follow": "follow", "/calls": "follow", "/overview": "overview", "/proof": "proof",
    "/import": "import", "/people": "people", "/search": "search", "/directory": "directory",
    "/units": "units", "/groups": "units", "/queue": "queue", "/mailboxes": "queue",
    "/journal": "journal", "/readings": "journal", "/tokens": "tokens", "/settings": "settings",
    "/account": "account",
}  # fmt: skip
_DAY: Final = (
    "receive", "attach", "secret", "letter", "acts", "counter", "send", "numbers", "drafts",
    "follow", "search", "books", "overview", "account", "directory", "units", "people", "import",
    "queue", "journal", "proof", "tokens", "settings",
)  # fmt: skip
_KINDS: Final = {"#": "heading", "|": "table", "-": "list", "!": "picture", ">": "quote"}
_STEP: Final = re.compile(r"\d\. ")
_INSIDE: Final = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<bold>[^*]+)\*\*")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name in the address, its title, the text as it is written, and as HTML."""

    name: str
    title: str
    text: str
    html: Markup


@cache
def topics() -> dict[str, Topic]:
    """Give all topics by name, in the order of an officer's day."""
    found = [
        _topic(path.name.removesuffix(".md"), path.read_text(encoding="utf-8"))
        for path in _TEXTS.iterdir()
        if path.name.endswith(".md") and path.name != _CLERKS
    ]
    return {topic.name: topic for topic in sorted(found, key=_place)}


@cache
def clerks() -> Topic:
    """Give the two pages for clerks, who work with their own programs of mail."""
    return _topic("clerks", (_TEXTS / _CLERKS).read_text(encoding="utf-8"))


def about(path: str) -> str:
    """Give the address of the topic about a page, of the list of topics when there is none."""
    topic = _ABOUT.get(f"/{path.split('/')[1]}")
    return f"/help/{topic}" if topic else "/help"


def _place(topic: Topic) -> tuple[int, str]:
    return (_DAY.index(topic.name) if topic.name in _DAY else len(_DAY), topic.title)


def _topic(name: str, text: str) -> Topic:
    first, _, rest = text.partition("\n")
    return Topic(name, first.removeprefix("# "), text, Markup("\n").join(_blocks(rest)))


def _blocks(text: str) -> Iterator[Markup]:
    for kind, lines in groupby(filter(str.strip, _joined(text)), key=_kind):
        yield from _SHOWN[kind](list(lines))


def _joined(text: str) -> Iterator[str]:
    """Give the lines, those of one paragraph joined."""
    for part in re.split(r"\n(?=\n|[#|!>-]|\d\. )", text):
        yield " ".join(part.split())


def _kind(line: str) -> str:
    if _STEP.match(line):
        return "steps"
    return _KINDS.get(line[0], "paragraph")


def _headings(lines: list[str]) -> Iterator[Markup]:
    for line in lines:
        yield Markup("<h2>{}</h2>").format(breakable(line.lstrip("# ")))


def _paragraphs(lines: list[str]) -> Iterator[Markup]:
    for line in lines:
        yield Markup("<p>{}</p>").format(_inside(line))


def _pictures(lines: list[str]) -> Iterator[Markup]:
    for line in lines:
        found = _PICTURE.fullmatch(line)
        if found is None:
            yield from _paragraphs([line])
        else:
            yield Markup('<p><img src="{}" alt="{}" loading="lazy"></p>').format(
                path_of(found["name"]), found["alt"]
            )


def _list(lines: list[str]) -> Iterator[Markup]:
    items = (Markup("<li>{}</li>").format(_inside(line[2:])) for line in lines)
    yield Markup("<ul>{}</ul>").format(Markup("").join(items))


def _steps(lines: list[str]) -> Iterator[Markup]:
    items = (Markup("<li>{}</li>").format(_inside(_STEP.sub("", line))) for line in lines)
    yield Markup("<ol>{}</ol>").format(Markup("").join(items))


def _quotes(lines: list[str]) -> Iterator[Markup]:
    for line in lines:
        yield Markup("<blockquote>{}</blockquote>").format(_inside(line.lstrip("> ")))


def _table(lines: list[str]) -> Iterator[Markup]:
    head, _rule, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    titles = (Markup('<th scope="col">{}</th>').format(cell) for cell in head)
    body = (
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(_inside(cell)) for cell in row)
        )
        for row in rows
    )
    yield Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        Markup("").join(titles), Markup("").join(body)
    )


def _inside(text: str) -> Markup:
    out, place = Markup(), 0
    for found in _INSIDE.finditer(text):
        out += breakable(text[place : found.start()])
        kind, said = ("code", found["code"]) if found["code"] else ("b", found["bold"])
        out += Markup("<{0}>{1}</{0}>").format(kind, escape(said))
        place = found.end()
    return out + breakable(text[place:])


_SHOWN: Final = {
    "heading": _headings, "paragraph": _paragraphs, "list": _list, "table": _table,
    "picture": _pictures, "steps": _steps, "quote": _quotes,
}  # fmt: skip
