"""Whether it is secret: the first question at the desk, before anybody looks further.

A marking counts only alone on its line, or as a tag in Subject or in the name of a file:
กลับ, สลับ and a letter *about* secrecy are not secret (ระเบียบว่าด้วยการรักษาความลับของทาง
ราชการ พ.ศ. 2544). A marked message is held for the officer of secret letters; nothing here
decides what becomes of it.

Quoted history is looked at too: an answer that carries a secret letter below it is as
secret as that letter. What stands on the first page of a PDF was looked for when the mail was read
(:mod:`registry.pdf.first_page`). Limit: what only stands on a scan is found later
(:mod:`registry.desk.found_secret`).
"""

from registry.letter.grades import Secrecy, find_secrecy, secrecy_of_name
from registry.letter.message import Message
from registry.thai.text import tidy

_MOST_TEXT = 200_000  # characters of text that are looked through


def screen(message: Message) -> Secrecy | None:
    """Give the gravest marking that the message bears, or None."""
    text = tidy(message.text[:_MOST_TEXT])
    lines = text.split("\n") if "ล" in text and "บ" in text else []
    found = [find_secrecy(message.subject, lines)]
    found += [secrecy_of_name(part.name) for part in message.parts]
    found += [Secrecy(message.on_paper)] if message.on_paper else []
    marked = [secrecy for secrecy in found if secrecy is not None]
    return max(marked, default=None)
