"""Whom mail may be addressed to here: a copy of the directory that the door keeps in memory.

The door answers RCPT from this copy, also while the database is away, and may keep it on disk as
JSON. Known are the central addresses of hosted entities, their tags (``+code`` of an entity, or of
the entity's own unit or group; ``+r-…``, ``+b-…``, ``+number``) and ``postmaster`` at their
domains (RFC 5321 §4.5.1). Everything is compared without regard to case; whatever else is
asked for is not known here.

Limit: a tag is only seen to be one of ours by its shape; whether it is genuine needs the keys.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.errors import NotUnderstood
from registry.letter.address import fold_address, tag_of
from registry.letter.entity import LegalEntity
from registry.letter.sorting import Addressed, Tag
from registry.models.people import EntityRow, GroupRow, UnitRow
from registry.values import entity_of

_OURS: Final = re.compile(r"(?P<kind>[rb])-[a-z2-7]{33}")


@dataclass(frozen=True, slots=True)
class Recipients:
    """The addresses of this office.

    ``hosted`` are its entities by central address, ``own_codes`` the codes of their units and
    groups by entity code, ``codes`` those of all entities.
    """

    hosted: Mapping[str, LegalEntity]
    own_codes: Mapping[str, frozenset[str]]
    codes: frozenset[str]

    def find(self, address: str) -> Addressed | None:
        """Give what an envelope recipient means here, or None when it is not known."""
        try:
            folded = fold_address(address)
            central, code = tag_of(address)
        except NotUnderstood:
            return self._postmaster(address)
        entity = self.hosted.get(folded)
        if entity is not None:
            return Addressed(folded, entity, Tag.NONE)
        entity = self.hosted.get(central)
        if entity is None or not code:
            return self._postmaster(folded)
        tag = self._tag(entity, code)
        return Addressed(folded, entity, tag, code) if tag else None

    def to_json(self) -> dict[str, Any]:
        """Give the copy as JSON can hold it."""
        own = {code: sorted(codes) for code, codes in self.own_codes.items()}
        hosted = [asdict(entity) for entity in self.hosted.values()]
        return {"hosted": hosted, "own_codes": own, "codes": sorted(self.codes)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read back what :meth:`to_json` gave."""
        entities = [LegalEntity(**{**e, "domains": tuple(e["domains"])}) for e in data["hosted"]]
        own = {code: frozenset(codes) for code, codes in data["own_codes"].items()}
        hosted = {entity.central_address: entity for entity in entities}
        return cls(hosted, own, frozenset(data["codes"]))

    def _tag(self, entity: LegalEntity, code: str) -> Tag | None:
        if code == "number":
            return Tag.NUMBER
        if ours := _OURS.fullmatch(code):
            return Tag.REPLY if ours["kind"] == "r" else Tag.BOUNCE
        known = code in self.codes or code in self.own_codes.get(entity.code, ())
        return Tag.DISPATCH if known else None

    def _postmaster(self, address: str) -> Addressed | None:
        local, _, domain = address.strip().casefold().partition("@")
        if local != "postmaster":
            return None
        for central, entity in self.hosted.items():
            if domain in {"", central.rpartition("@")[2], *entity.domains}:
                return Addressed(address.strip().casefold(), entity, Tag.POSTMASTER)
        return None


def snapshot(session: Session) -> Recipients:
    """Copy what the door needs to know out of the directory."""
    rows = session.scalars(select(EntityRow).where(EntityRow.hosted).order_by(EntityRow.id))
    entities = {row.address: entity_of(row) for row in rows}
    own = {
        entity.code: frozenset(
            session.scalars(
                select(UnitRow.code)
                .where(UnitRow.entity_id == entity.id)
                .union(select(GroupRow.code).where(GroupRow.entity_id == entity.id))
            )
        )
        for entity in entities.values()
    }
    return Recipients(entities, own, frozenset(session.scalars(select(EntityRow.code))))
