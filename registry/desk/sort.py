"""What it is: every message is exactly one kind of thing to the entity that it reached.

The order of the questions is the rule. What machines send about our own mail comes first,
for it must never be answered, numbered or held. Then what we have already; then a letter
that a clerk of ours hands over (sending sees to its secrecy, and tells the clerk); then what
is marked secret; then what else a clerk asks for. All else is a letter, or unclear and
shown to an officer.

Pure: everything that had to be looked up is in the case.
"""

import re

from registry.desk.case import Case
from registry.desk.disposition import is_disposition
from registry.letter.sorting import Kind, Tag

_FORWARD = re.compile(r"\s*(?:fwd?|ส่งต่อ)\s*:", re.IGNORECASE)


def sort(case: Case) -> Kind:
    """Say what the message is."""
    questions = (_of_machines, _known, _handed_over, _secret, _of_own_clerk, _of_addressee)
    answers = (question(case) for question in questions)
    return next((kind for kind in answers if kind is not None), Kind.LETTER)


def _of_machines(case: Case) -> Kind | None:
    """Receipts, our own mail come back, vacation mail, bounces; else a file makes it a letter.

    What a program says of our mail (RFC 8098) is no bounce, although it has the null sender.

    Vacation mail comes to the bounce address too (RFC 3834 §4) and does not mean that a
    letter came back; a null sender alone does not make a letter with files a bounce.
    """
    message = case.message
    told = message.reports or message.bounced_message_id or message.bounce_detail
    reports = message.bounce and bool(told)
    if message.receipt is not None:
        return Kind.ACKNOWLEDGEMENT
    if is_disposition(message):
        return Kind.AUTOMATIC
    if case.echo or (message.automatic and not case.files and not reports):
        return Kind.AUTOMATIC
    if message.bounce and (reports or case.has(Tag.BOUNCE) or not case.files):
        return Kind.BOUNCE
    return None


def _known(case: Case) -> Kind | None:
    """A letter that was sent back may come again; any other twin is a duplicate."""
    known = case.twin is not None and case.twin.state != "returned"
    return Kind.DUPLICATE if known else None


def _handed_over(case: Case) -> Kind | None:
    kind = _of_own_clerk(case)
    return kind if kind is Kind.DISPATCH else None


def _secret(case: Case) -> Kind | None:
    return Kind.SECRET if case.secrecy is not None else None


def _of_own_clerk(case: Case) -> Kind | None:
    """A clerk answers a delivered copy or a slip, dispatches, or asks for a number."""
    if not case.by_own_clerk:
        return None
    if case.answered is not None:
        return _answer(case)
    if case.has(Tag.NUMBER):
        return Kind.SLIP
    return Kind.DISPATCH if case.has(Tag.DISPATCH, Tag.UNKNOWN) else None


def _answer(case: Case) -> Kind:
    if case.files:
        return Kind.DISPATCH
    return Kind.AUTOMATIC if case.empty else Kind.NOTE


def _of_addressee(case: Case) -> Kind | None:
    """An addressee says that it arrived; an answer without any content says nothing."""
    if case.receipt_of is not None:
        return Kind.ACKNOWLEDGEMENT
    if case.message.parsed and case.empty and _says_nothing(case):
        return Kind.AUTOMATIC
    message = case.message
    unclear = not message.parsed or case.empty or message.automatic or message.bounce
    return Kind.UNCLEAR if unclear else None


def _says_nothing(case: Case) -> bool:
    """Say whether an empty mail is an answer without words; a forward has those of others."""
    message = case.message
    if message.text.strip() and (_FORWARD.match(message.subject) or not message.references):
        return False
    return not message.subject.strip() or bool(message.references)
