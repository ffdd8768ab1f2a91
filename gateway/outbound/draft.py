"""A mail before it is decided which of its files travel in it.

Each kind of mail (letter, copy, acknowledgement, notice) makes a :class:`Draft`: its envelope, its
header, its files, and how its text reads once the table of enclosures is known.
:func:`assemble` makes the mail for one division of the files into mail and download page.
"""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from pathlib import PurePath
from typing import Any, Final

from gateway.outbound import fields
from gateway.outbound.table import Row, Table, qr_png
from gateway.outbound.template import Rendered, render, render_html
from gateway.outbound.write import File, Mail, Multi, Part, Plain, Text
from gateway.quoting import QR_ID
from gateway.service import Runtime
from gateway.settings import GatewaySettings
from registry.blobs import BlobStore
from registry.clock import BANGKOK
from registry.errors import NotAllowed
from registry.keys import KeyRing
from registry.letter.address import Address
from registry.letter.entry import EntryFile
from registry.secret.copies import laid_open
from registry.settings import OfficeSettings
from registry.thai.numerals import thai_number

_LONGEST_NAME: Final = 200  # octets


@dataclass(frozen=True, slots=True)
class Tools:
    """What composing needs besides the job and a session."""

    office: OfficeSettings
    gateway: GatewaySettings
    keys: KeyRing
    blobs: BlobStore

    @property
    def links_url(self) -> str:
        """Where receivers reach the download pages, without a slash at the end."""
        return Runtime(self.office, self.gateway).links_url


@dataclass(frozen=True, slots=True)
class Page:
    """The download page of this mail: address and last day. None of both while nothing left."""

    url: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a draft: as it is written into a mail, and as the register knows it."""

    file: File
    about: EntryFile
    always_away: bool = False  # left the mail at intake, or the receiver wants no files


Machine = Callable[[Page, frozenset[int]], File]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything of a mail but the division of its files.

    ``template`` names the text, and the HTML of the same name where ``html`` is set; ``facts`` are
    for both. ``link_for`` is the letter whose page holds what leaves; None: nothing may leave.
    ``machine`` makes the part that programs read.
    """

    mail_from: str
    rcpt_to: str
    message_id: str
    sender: Address
    receiver: Address
    at: datetime
    template: str
    facts: dict[str, Any]
    html: bool = False
    reply_to: str = ""
    references: tuple[str, ...] = ()
    more_header: tuple[tuple[str, str], ...] = ()
    enclosed: tuple[Enclosed, ...] = ()
    link_for: str | None = None
    receiver_limit: int | None = None
    machine: Machine | None = None
    report: tuple[Plain, ...] = ()  # makes the mail a multipart/report (RFC 6522)

    @property
    def always_away(self) -> frozenset[int]:
        """Positions of the files that never travel in this mail."""
        return frozenset(n for n, one in enumerate(self.enclosed) if one.always_away)


def assemble(draft: Draft, out: frozenset[int], page: Page) -> Mail:
    """Return the mail in which the files at the positions ``out`` are on the page."""
    rendered, table = worded(draft, out, page)
    facts = {**draft.facts, "table": table}
    parts: list[Part] = [_texts(draft, rendered, facts, table)]
    parts += [one.file for n, one in enumerate(draft.enclosed) if n not in out]
    if draft.machine is not None:
        parts.append(draft.machine(page, out))
    if draft.report:
        body: Part = Multi("report; report-type=delivery-status", (*parts, *draft.report))
    else:
        body = parts[0] if len(parts) == 1 else Multi("mixed", tuple(parts))
    return Mail(_header(draft, rendered.subject), body, draft.message_id)


def worded(draft: Draft, out: frozenset[int], page: Page) -> tuple[Rendered, Table]:
    """Return what the mail says, and its table of files, with the positions ``out`` on the page."""
    table = _table(draft, out, page)
    return render(draft.template, {**draft.facts, "table": table}), table


def enclosed(
    files: tuple[EntryFile, ...], tools: Tools, *, none_in_mail: bool
) -> tuple[Enclosed, ...]:
    """Return the files of a letter, ready to be written, in the order of the register.

    Raises NotAllowed for files that are withheld; whoever may go without them leaves them out.
    """
    if any(about.withheld for about in files):
        raise NotAllowed("files of this letter are withheld", thai=files[0].withheld)
    return tuple(
        Enclosed(_file(about, place, tools), about, none_in_mail or about.split)
        for place, about in enumerate(files, start=1)
    )


def counted(files: tuple[EntryFile, ...]) -> str:
    """Return how many files a letter has, pictures of its text not counted; "" for none."""
    number = sum(not one.inline for one in files)
    return thai_number(number) if number else ""


def _header(draft: Draft, subject: str) -> tuple[bytes, ...]:
    references = fields.usable_ids(draft.references)
    when = format_datetime(draft.at.astimezone(BANGKOK).replace(microsecond=0))
    made = [
        fields.text_field("Date", when),
        fields.address_field("From", [draft.sender]),
        fields.address_field("To", [draft.receiver]),
        fields.text_field("Subject", subject),
        fields.id_field("Message-ID", [draft.message_id]),
    ]
    if draft.reply_to:
        made.append(fields.address_field("Reply-To", [Address(draft.sender.name, draft.reply_to)]))
    if references:
        made.append(fields.id_field("In-Reply-To", references[:1]))
        made.append(fields.id_field("References", references[::-1]))
    made += [fields.text_field(name, value) for name, value in draft.more_header]
    return tuple(made)


def _texts(draft: Draft, rendered: Rendered, facts: dict[str, Any], table: Table) -> Part:
    plain = Text(rendered.text)
    if not draft.html:
        return plain
    html: Part = Text(render_html(draft.template, {**facts, "title": rendered.subject}), "html")
    if table.url:
        picture = File("qr.png", "qr.png", "image/png", data=qr_png(table.url), content_id=QR_ID)
        html = Multi("related", (html, picture))
    return Multi("alternative", (plain, html))


def _table(draft: Draft, out: frozenset[int], page: Page) -> Table:
    listed = [n for n, one in enumerate(draft.enclosed) if n in out or not one.about.inline]
    rows = tuple(
        _row(draft.enclosed[n], place, n in out) for place, n in enumerate(listed, start=1)
    )
    pictures = len(draft.enclosed) - len(rows)
    return Table(rows, page.url, page.until, pictures) if out else Table(rows, pictures=pictures)


def _row(one: Enclosed, place: int, by_link: bool) -> Row:  # noqa: FBT001 - the last column
    about = one.about
    return Row(place, one.file.name, about.bytes, by_link, is_letter=about.role == "letter")


def _file(about: EntryFile, place: int, tools: Tools) -> File:
    word = "letter" if about.role == "letter" else "enclosure"
    suffix = PurePath(about.name).suffix
    if not suffix.isascii() or not 1 < len(suffix) <= 8:
        suffix = mimetypes.guess_extension(about.media_type) or ".bin"
    return File(
        name=_short(about.name),
        ascii_name=f"{word}-{place}{suffix}",
        media_type=about.media_type,
        size=about.bytes,
        sha256=about.sha256,
        path=laid_open(tools.blobs, about.sha256),
    )


def _short(name: str) -> str:
    """Cut a very long name in its middle part, keeping what follows the last dot."""
    suffix = PurePath(name).suffix[:20]
    stem = name.removesuffix(suffix)
    while len((stem + suffix).encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return stem + suffix
