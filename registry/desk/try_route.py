"""Trying the routing rules on a letter that is here, or on words, without delivering anything."""

from sqlalchemy.orm import Session

from registry import directory
from registry.desk.deliver import RouteFacts, RouteHit, choose
from registry.desk.register import route_facts
from registry.errors import NotFound
from registry.models.letters import LetterRow


def try_route(session: Session, letter_id: str) -> list[RouteHit]:
    """Give the units to which the rules of now would bring this letter. Raises NotFound."""
    letter = session.get(LetterRow, letter_id)
    if letter is None:
        raise NotFound(f"no letter {letter_id}")
    entity = directory.entity_by_id(session, letter.entity_id)
    return choose(session, entity, route_facts(session, letter))


def try_words(
    session: Session, entity_id: int, subject: str, to_text: str, sender: str
) -> list[RouteHit]:
    """Give the units to which a letter of these words would come; ``sender`` is code or address."""
    entity = directory.entity_by_id(session, entity_id)
    known = directory.entity_by_address(session, sender) if "@" in sender else None
    names = (sender.casefold(), *((known.code,) if known else ()))
    facts = RouteFacts(subject, to_text, tuple(name for name in names if name))
    return choose(session, entity, facts)
