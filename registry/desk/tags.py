"""What the addresses of a clerk's mail ask for, read at the entity's own central address.

Dispatch codes and ``+number`` are taken from the envelope and from To and Cc alike: a server that
splits a mail by recipient hands in one copy after another, and each already names them all.
Plain addresses are taken from the envelope only, since whoever stands in To may have been
written to by the clerk's own server.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from registry.errors import NotUnderstood
from registry.letter.address import folded_or_empty, tag_of
from registry.letter.entity import LegalEntity
from registry.letter.message import Message

NUMBER: Final = "number"
_TOKEN: Final = re.compile(r"[rb]-[a-z2-7]{33}")


def dispatch_codes(message: Message, entity: LegalEntity) -> tuple[str, ...]:
    """Give the codes behind the plus, folded, each once, tokens and ``number`` left out."""
    tags = _tags((*message.recipients, *message.to, *message.cc), entity)
    return tuple(dict.fromkeys(tag for tag in tags if tag != NUMBER and not _TOKEN.fullmatch(tag)))


def reply_tags(message: Message, entity: LegalEntity) -> tuple[str, ...]:
    """Give the reply tokens in the envelope, folded."""
    tags = _tags(message.recipients, entity)
    return tuple(dict.fromkeys(tag for tag in tags if _TOKEN.fullmatch(tag) and tag[0] == "r"))


def asks_number(message: Message, entity: LegalEntity) -> bool:
    """Say whether one of the addresses is ``+number``."""
    return NUMBER in _tags((*message.recipients, *message.to, *message.cc), entity)


def other_addresses(message: Message, entity: LegalEntity) -> tuple[str, ...]:
    """Give the envelope recipients that are not the entity's own central address, tagged or not."""
    folded = (folded_or_empty(address) for address in message.recipients)
    kept = (one for one in folded if _split(one)[0] != entity.central_address)
    return tuple(dict.fromkeys(one for one in kept if one))


def _tags(addresses: Iterable[str], entity: LegalEntity) -> Iterator[str]:
    for address in addresses:
        central, tag = _split(address)
        if tag and central == entity.central_address:
            yield tag


def _split(address: str) -> tuple[str, str]:
    try:
        return tag_of(address)
    except NotUnderstood:
        return "", ""
