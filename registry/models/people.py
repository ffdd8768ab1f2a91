"""Legal entities, their units, groups and routing rules, and the officers who work there."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.models.base import Base


class EntityRow(Base):
    """A legal entity (ส่วนราชการที่เป็นนิติบุคคล), hosted here or only known by address."""

    __tablename__ = "entity"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    address: Mapped[str] = mapped_column(String(254), unique=True)  # central address, case-folded
    letter_code: Mapped[str] = mapped_column(String(60), default="")  # as in "มท 0810"
    hosted: Mapped[bool] = mapped_column(default=False)
    domains: Mapped[list[Any]] = mapped_column(default=list)
    max_message_bytes: Mapped[int | None]
    knows_tags: Mapped[bool] = mapped_column(default=True)  # mailbox accepts plus-addresses
    separate_circulars: Mapped[bool] = mapped_column(default=False)  # ว has a series of its own
    phone: Mapped[str] = mapped_column(String(100), default="")
    province: Mapped[str] = mapped_column(String(100), default="")
    district: Mapped[str] = mapped_column(String(100), default="")
    default_unit: Mapped[str] = mapped_column(
        String(40), default=""
    )  # unit code; "": delivers nothing
    readers: Mapped[str] = mapped_column(String(10), default="unit")  # unit | entity: who sees what
    created_at: Mapped[datetime]


class UnitRow(Base):
    """A unit inside an entity (กอง, กลุ่มงาน, อำเภอ): owner of matters and receiver of copies."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("entity_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    boxes: Mapped[list[Any]] = mapped_column(default=list)  # mail addresses of its people
    delivery: Mapped[str] = mapped_column(String(10), default="full")  # full | notice
    letter_code: Mapped[str] = mapped_column(String(60), default="")  # as in "พร 0023.3"
    keeps_books: Mapped[bool] = mapped_column(default=False)
    above: Mapped[str] = mapped_column(String(40), default="")  # code of the unit above it


class RouteRow(Base):
    """One routing rule; rules of an entity are tried in order of position."""

    __tablename__ = "route"
    __table_args__ = (UniqueConstraint("entity_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))  # words | sender | addressed
    pattern: Mapped[str] = mapped_column(String(300))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class GroupRow(Base):
    """A named group of entities that one letter fans out to."""

    __tablename__ = "entity_group"
    __table_args__ = (UniqueConstraint("entity_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))  # whose group it is
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    members: Mapped[list["GroupMemberRow"]] = relationship(cascade="all, delete-orphan")


class GroupMemberRow(Base):
    """Membership: an entity, or a unit of the owner of the group."""

    __tablename__ = "entity_group_member"
    __table_args__ = (UniqueConstraint("group_id", "member"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("entity_group.id"))
    member: Mapped[str] = mapped_column(String(40))  # code of the entity or unit


class OfficerRow(Base):
    """A person with an account: clerk, officer, officer of secret letters, auditor or admin."""

    __tablename__ = "officer"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # case-folded
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    unit_code: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(300), default="")
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    ends: Mapped[date | None]  # last day of an auditor, or of anybody with a term
    clearance: Mapped[str] = mapped_column(String(20), default="")  # gravest marking; "": all
    totp_secret: Mapped[str] = mapped_column(String(300), default="")  # encrypted; "" for none
    totp_last: Mapped[int] = mapped_column(BigInteger, default=0)  # step of the last code taken
    recovery: Mapped[list[Any]] = mapped_column(default=list)  # digests of unused recovery codes
    oidc_subject: Mapped[str | None] = mapped_column(
        String(400), unique=True, index=True
    )  # issuer and sub
