"""From a spooled mail to a :class:`~registry.letter.message.Message`: read, cut up, kept, unjudged.

When this returns, every file of the mail and the whole raw mail are in the blob store, on disk.
Bad mail is never an error: what can be read is read, what was repaired or guessed is named in
``defects``, and a mail that cannot be read at all comes back with ``parsed=False``, its raw bytes
whole and some text for the officer who will register it by hand. Only the machine's own trouble,
a full disk above all, is raised, so that the letter stays in the spool and is tried again.

Memory does not grow with the mail. Who sent it is judged in :mod:`gateway.inbound.authenticate`.
"""

import logging
from pathlib import Path
from typing import Any, Final

from gateway.inbound.bodies import read_body
from gateway.inbound.charset import read_text
from gateway.inbound.encoded_words import decode_words
from gateway.inbound.fields import Fields
from gateway.inbound.files import Files, store_files
from gateway.inbound.forbidden import Forbidden, falsely_named
from gateway.inbound.framed import framed_words, told_apart
from gateway.inbound.headers import read_heading
from gateway.inbound.marks import read_marks
from gateway.inbound.opaque import Letter, letter_in
from gateway.inbound.own_text import own_text
from gateway.inbound.rebuild import keep
from gateway.inbound.reports import read_bounce, read_receipt
from gateway.inbound.split import Structure, split
from gateway.inbound.spool import Spooled
from gateway.inbound.statuses import read_reports
from gateway.inbound.window import Window
from registry.blobs import BlobStore
from registry.letter.grades import find_secrecy
from registry.letter.message import Listener, Message, Original, Trust
from registry.pdf.enclosed import EnclosedFiles
from registry.settings import OfficeSettings

_log = logging.getLogger(__name__)
_MOST_DEFECTS: Final = 50
_SEALED: Final = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)
_GLIMPSE: Final = 64 * 1024  # bytes of a mail that could not be read shown as its text


def parse(
    spooled: Spooled, blobs: BlobStore, office: OfficeSettings,
    enclosed: EnclosedFiles | None = None,
) -> Message:  # fmt: skip
    """Read one mail of the spool; raises OSError only when files cannot be read or kept.

    ``enclosed`` takes files out of PDFs; without it they stay there.
    """
    with Window.of(spooled) as window:
        try:
            return _read(window, spooled, blobs, office, enclosed)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - the last net: no mail may stop the queue
            _log.exception("mail %s could not be read: %s", spooled.name, type(error).__name__)
            return _unread(window, spooled, blobs, f"not readable: {type(error).__name__}")


def unread(spooled: Spooled, blobs: BlobStore, defect: str) -> Message:
    """Keep a mail whole and look at nothing in it; raises OSError when it cannot be kept."""
    with Window.of(spooled) as window:
        return _unread(window, spooled, blobs, defect)


def _read(
    window: Window, spooled: Spooled, blobs: BlobStore, office: OfficeSettings,
    enclosed: EnclosedFiles | None,
) -> Message:  # fmt: skip
    structure = split(window)
    with letter_in(window, structure, Path(blobs.aside()).parent) as letter:
        return _told(window, spooled, structure, letter, blobs, office, enclosed)


def _told(
    window: Window, spooled: Spooled, structure: Structure, letter: Letter, blobs: BlobStore,
    office: OfficeSettings, enclosed: EnclosedFiles | None,
) -> Message:  # fmt: skip
    """Tell of a mail; its head is its own, text and files are those of the letter."""
    root, shape = structure.root, letter.structure
    heading = read_heading(root.fields)
    marks = read_marks(root.fields, root.content, null_sender=_null_sender(root.fields, spooled))
    body = read_body(letter.window, shape.root)
    # Where types are forbidden, a crowd of small files must not hide one.
    sure = bool(office.attachments.forbidden_types)
    files = store_files(window, root, body, blobs, all_sure=sure, enclosed=enclosed, letter=letter)
    body.text = body.text or files.text
    subject, other = _subjects(heading.subject or files.subject, letter)
    body.text = f"{other}\n\n{body.text}" if other else body.text
    original = keep(window, files.pieces, blobs, spooled.envelope.raw_sha256)
    bounced, detail = read_bounce(window, root, body.text) if marks.bounce else ("", "")
    parsed = shape.complete and (bool(shape.root.children) or not _is_multipart(shape))
    text = body.text or ("" if parsed else _glimpse(letter.window))
    sender = heading.senders[0] if len(heading.senders) == 1 else None
    defects = (
        *heading.defects,
        *structure.defects,
        *shape.defects,
        *body.defects,
        *files.defects,
        *_forbidden(files, office),
        *falsely_named(files.parts),
        *_sealed(files),
        *_changed(original, spooled),
    )
    return Message(
        **_envelope(spooled, original),
        sender=sender.address if sender else "",
        sender_name=sender.name if sender else "",
        senders=tuple(box.address for box in heading.senders),
        reply_to=heading.reply_to,
        to=heading.to,
        cc=heading.cc,
        message_id=heading.message_id,
        references=heading.references,
        date_header=heading.date,
        subject=subject,
        text=text,
        own_text=own_text(body.text),
        words=framed_words(body.text, marks.ours),
        parts=told_apart(files.parts, marks.ours),
        bounce=marks.bounce,
        automatic=marks.automatic,
        bulk=marks.bulk,
        receipt=read_receipt(window, root),
        bounced_message_id=bounced,
        bounce_detail=detail,
        reports=read_reports(window, root) if marks.bounce or marks.automatic else (),
        parsed=parsed,
        defects=tuple(dict.fromkeys(defects))[:_MOST_DEFECTS],
        marks=marks.ours,
    )


def _unread(window: Window, spooled: Spooled, blobs: BlobStore, defect: str) -> Message:
    original = keep(window, [], blobs, spooled.envelope.raw_sha256)
    return Message(
        **_envelope(spooled, original), text=_glimpse(window), parsed=False, defects=(defect,)
    )


def _envelope(spooled: Spooled, original: Original) -> dict[str, Any]:
    """Give the fields of the message that do not depend on what stands in it."""
    envelope = spooled.envelope
    return {
        "spool_name": spooled.name,
        "listener": envelope.listener,
        "accepted_at": envelope.accepted_at,
        "mail_from": envelope.mail_from,
        "recipients": envelope.recipients,
        "raw_sha256": original.sha256,
        "raw_bytes": original.bytes,
        "original": original,
        "trust": Trust(),
        "peer": envelope.peer,
        "dsn": envelope.dsn,
        "scan": envelope.scan,
        "scan_detail": envelope.scan_detail,
    }


def _subjects(outside: str, letter: Letter) -> tuple[str, str]:
    """Give the subject, and another one that the mail bears too, "" mostly.

    A signed letter may bear its own (RFC 8551 §3.1), which is what was signed. No marking is lost.
    """
    inside = decode_words(letter.structure.root.fields.get("subject"))[0] if letter.signed else ""
    if inside in outside:
        return outside, ""
    said, signed = find_secrecy(outside), find_secrecy(inside)
    graver = said is not None and (signed is None or said > signed)
    return (outside, inside) if graver else (inside, outside)


def _null_sender(fields: Fields, spooled: Spooled) -> bool:
    """Whether it was sent from <>; a mailbox that kept no Return-Path does not say so."""
    unknown = spooled.envelope.listener is Listener.COLLECTOR and not fields.has("return-path")
    return not spooled.envelope.mail_from and not unknown


def _is_multipart(structure: Structure) -> bool:
    return structure.root.media_type.startswith("multipart/")


def _glimpse(window: Window) -> str:
    return read_text(window.read(0, _GLIMPSE)).text


def _forbidden(files: Files, office: OfficeSettings) -> list[str]:
    if not files.parts:
        return []
    forbidden = Forbidden(office.attachments.forbidden_types)
    return [
        f"part {part.position}: of a forbidden type"
        for part in files.parts
        if forbidden.among((part.media_type, part.claimed_type), (part.name,))
    ]


def _sealed(files: Files) -> list[str]:
    return [
        f"part {part.position}: sealed as a whole (S/MIME or PGP), opened in a mail client only"
        for part in files.parts
        if part.claimed_type in _SEALED and not part.decoration
    ]


def _changed(original: Original, spooled: Spooled) -> list[str]:
    same = original.sha256 == spooled.envelope.raw_sha256
    return [] if same else ["the raw bytes changed after they were accepted"]
