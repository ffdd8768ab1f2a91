"""Acts on an entry: passed on, presented, endorsed, closed; confirmed, joined, voided, sent back.

Each is done by the same function of :mod:`registry.desk` as on the pages, and answers with the
entry as it is then. If-Match is heeded where it is sent.
"""

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry.desk import amend, hold, recall
from registry.desk.clear import clear
from registry.desk.close import close, reopen
from registry.desk.give_back import MISDIRECTED, give_back
from registry.desk.order import endorse
from registry.desk.pass_on import pass_on
from registry.desk.propose import propose
from registry.desk.tie import tie, untie
from registry.desk.void import void
from registry.desk.wrong_number import correct
from registry.errors import Conflict, NotUnderstood
from registry.letter.entry import Entry
from saraban.api.caller import Acting, Caller, Deciding, Registering, Sending
from saraban.api.doing import Result, entry_to_act_on, on_entry
from saraban.api.shapes.entry import EntryShape, LetterShape
from saraban.api.shapes.said import Told
from saraban.api.shapes.words import Asked, Code, Id, IdField, Text, Written

router = APIRouter(tags=["acts"], prefix="/entries/{entry_id}")

_Relation = Literal["answers", "cites", "passes_on", "replaces", "duplicates", "reports"]
_KEYS: Any = {"response_model": None, "responses": {200: {"model": EntryShape}}}
_TOLD: Any = {"response_model": None, "responses": {200: {"model": Told}}}


class Reason(Asked):
    """Why; it is kept for good."""

    reason: Written


class Words(Asked):
    """What is written on the entry."""

    words: Written


class PassingOn(Asked):
    """To which unit, with which words."""

    unit: Code
    words: Text = ""


class Presenting(Asked):
    """To which superior (e-mail), with which words."""

    to: Written
    words: Text = ""


class Closing(Asked):
    """How the matter ended."""

    how: Literal["noted", "filed", "answered", "done"]
    words: Text = ""


class Joining(Asked):
    """Which other entry it answers, cites, ..."""

    other: IdField
    relation: _Relation = "answers"


class Parting(Asked):
    """Which link is undone, and why; without a relation all of them."""

    other: IdField
    relation: _Relation | None = None
    reason: Written


class SendingBack(Asked):
    """Why a registered letter goes back."""

    reason: Written
    kind: Literal["returned", "wrong", "misdirected"] = "returned"


class Correcting(Asked):
    """Which number was told wrongly, and why."""

    told: Text = Field("", max_length=60)
    reason: Written


@router.post("/pass-on", summary="ส่งต่อหน่วยงานย่อย", **_KEYS)
def pass_on_(caller: Acting, entry_id: Id, body: PassingOn) -> Response:
    """Pass the entry on to a unit; its boxes get a copy."""
    return _done(caller, entry_id, body, pass_on, body.unit, body.words)


@router.post("/propose", summary="เสนอผู้บังคับบัญชา", **_KEYS)
def propose_(caller: Acting, entry_id: Id, body: Presenting) -> Response:
    """Present the entry by mail to a superior, whose answer is the order."""
    return _done(caller, entry_id, body, propose, body.to, body.words)


@router.post("/endorse", summary="เกษียน", **_KEYS)
def endorse_(caller: Acting, entry_id: Id, body: Words) -> Response:
    """Write a word on the entry."""
    return _done(caller, entry_id, body, endorse, body.words)


@router.post("/close", summary="ปิดเรื่อง", **_KEYS)
def close_(caller: Acting, entry_id: Id, body: Closing) -> Response:
    """Close the matter."""
    return _done(caller, entry_id, body, close, body.how, body.words)


@router.post("/reopen", summary="เปิดเรื่องใหม่", **_KEYS)
def reopen_(caller: Acting, entry_id: Id, body: Reason) -> Response:
    """Open a closed matter again."""
    return _done(caller, entry_id, body, reopen, body.reason)


@router.post("/confirm", summary="ยืนยันว่าตรงกับตัวหนังสือ", **_KEYS)
def confirm_(caller: Registering, entry_id: Id) -> Response:
    """Say that the line is as the paper has it."""
    return _done(caller, entry_id, None, amend.confirm)


@router.post("/link", summary="เชื่อมโยง", **_KEYS)
def link_(caller: Registering, entry_id: Id, body: Joining) -> Response:
    """Join the entry to another of the same office; confirms a suggestion."""

    def work(session: Session, entry: Entry) -> None:
        other = entry_to_act_on(session, caller, body.other)
        if other.id == entry.id:
            raise NotUnderstood("linked to itself", thai="หนังสือเชื่อมโยงกับตัวเองไม่ได้")
        tie(session, caller.desk, entry.id, other.id, body.relation, caller.by)

    return on_entry(caller, entry_id, body, work)


@router.post("/unlink", summary="ยกเลิกการเชื่อมโยง", **_KEYS)
def unlink_(caller: Registering, entry_id: Id, body: Parting) -> Response:
    """Undo what joins the entry to another."""

    def work(session: Session, entry: Entry) -> None:
        other = entry_to_act_on(session, caller, body.other)
        desk, by = caller.desk, caller.by
        untie(session, desk, entry.id, other.id, body.relation, by, reason=body.reason)

    return on_entry(caller, entry_id, body, work)


@router.post("/void", summary="ยกเลิกเลข", **_KEYS)
def void_(caller: Registering, entry_id: Id, body: Reason) -> Response:
    """Void the number; it stays in the book."""
    return _done(caller, entry_id, body, void, body.reason)


@router.post("/return", summary="ส่งคืนหนังสือที่ลงรับแล้ว", **_TOLD)
def return_(caller: Registering, entry_id: Id, body: SendingBack) -> Response:
    """Send a registered letter back; `sender_told` says whether a mail tells its sender."""
    why = f"{MISDIRECTED}: {body.reason}" if body.kind == "misdirected" else body.reason

    def work(session: Session, entry: Entry) -> Result:
        letter, wrong = _letter(entry), body.kind != "returned"
        told = give_back(session, caller.desk, letter, caller.by, why, wrong=wrong)
        return Result(said={"letter": letter, "sender_told": told})

    return on_entry(caller, entry_id, body, work)


@router.post("/correct-number", summary="แจ้งแก้เลขรับ", **_TOLD)
def correct_number(caller: Registering, entry_id: Id, body: Correcting) -> Response:
    """Tell the sender the receive number that stands in the book."""

    def work(session: Session, entry: Entry) -> Result:
        letter, desk, by = _letter(entry), caller.desk, caller.by
        told = correct(session, desk, letter, by, told=body.told, reason=body.reason)
        return Result(said={"letter": letter, "sender_told": told})

    return on_entry(caller, entry_id, body, work)


@router.post("/clear", summary="ให้ใช้ไฟล์ที่กักไว้", **_KEYS)
def clear_(caller: Registering, entry_id: Id, body: Reason) -> Response:
    """Let files out that no virus scanner called clean."""

    def work(session: Session, entry: Entry) -> None:
        clear(session, caller.desk, _letter(entry), caller.by, body.reason)

    return on_entry(caller, entry_id, body, work)


@router.post("/undo", response_model=None, responses={200: {"model": LetterShape}}, summary="ดึงกลับ")
def undo_(caller: Sending, entry_id: Id) -> Response:
    """Take a letter back that has not left yet: a draft again, that holds its number."""

    def work(session: Session, entry: Entry) -> Result:
        hold.undo(session, caller.desk, entry.id, caller.by)
        return Result(letter=_letter(entry))

    return on_entry(caller, entry_id, None, work)


@router.post("/recall", summary="เรียกคืน", **_KEYS)
def recall_(caller: Deciding, entry_id: Id, body: Reason) -> Response:
    """Take a sent letter back: what has not left stays here, the rest is asked back."""
    return _done(caller, entry_id, body, recall.withdraw, body.reason)


@router.post("/hold", summary="พักการส่ง", **_KEYS)
def hold_(caller: Deciding, entry_id: Id) -> Response:
    """Keep back what has not left, until it is released."""
    return _done(caller, entry_id, None, hold.hold)


@router.post("/release", summary="ปล่อยให้ส่งต่อ", **_KEYS)
def release_(caller: Deciding, entry_id: Id) -> Response:
    """Let go what was held."""
    return _done(caller, entry_id, None, hold.release)


def _done(
    caller: Caller, entry_id: str, body: Asked | None, act: Callable[..., object], *said: object
) -> Response:
    """Do an act that takes session, desk, entry, actor and words; answer with the entry."""

    def work(session: Session, entry: Entry) -> None:
        act(session, caller.desk, entry.id, caller.by, *said)

    return on_entry(caller, entry_id, body, work)


def _letter(entry: Entry) -> str:
    if entry.letter_id is None:
        raise Conflict("no letter of this number", thai="เลขนี้จองไว้ ยังไม่มีหนังสือ")
    return entry.letter_id
