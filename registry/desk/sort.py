"""What it is: every message is exactly one kind of thing to the entity that it reached.

The order of the questions is the rule. What machines send about our own mail comes first,
for it must never be answered, numbered or held. Then what we have already; then a letter
that a clerk of ours hands over (sending sees to its secrecy, and tells the clerk); then what
is marked secret; then what else a clerk asks for. All else is a letter, or unclear and
shown to an officer.

Pure: everything that had to be looked up is in the case.
"""

from registry.desk.case import Case
from registry.letter.sorting import Kind, Tag


def sort(case: Case) -> Kind:
    """Say what the message is."""
    questions = (_of_machines, _known, _handed_over, _secret, _of_own_clerk, _of_addressee)
    answers = (question(case) for question in questions)
    return next((kind for kind in answers if kind is not None), Kind.LETTER)


def _of_machines(case: Case) -> Kind | None:
    """Bounces, receipts, vacation mail and our own mail come back; a file makes it a letter."""
    message = case.message
    if message.bounce or case.has(Tag.BOUNCE):
        return Kind.BOUNCE
    if message.receipt is not None:
        return Kind.ACKNOWLEDGEMENT
    if case.echo or (message.automatic and not case.files):
        return Kind.AUTOMATIC
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
    unclear = not case.message.parsed or case.empty or case.message.automatic
    return Kind.UNCLEAR if unclear else None


def _says_nothing(case: Case) -> bool:
    return not case.message.subject.strip() or bool(case.message.references)
