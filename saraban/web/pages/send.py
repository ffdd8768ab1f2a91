"""ส่งหนังสือ: a letter is written, looked at as each receiver will get it, and sent or left.

Writing and sending are two steps: what is sent is what was shown, and the number shown is the next
one. Every press of a button saves what was typed; without script, finding and adding an addressee
are presses too. A number may be asked for first (จองเลข), to be printed on the paper before it is
signed. A letter that has been sent rests for some seconds, in which it can be taken back.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from registry import completing, directory, entries, saved
from registry.completing import Receiver
from registry.desk import compose, hold
from registry.desk.compose import Composition
from registry.desk.hold import letter_of
from registry.desk.secret_drafts import is_about_secret
from registry.desk.send import send as number_and_send
from registry.errors import NotFound
from registry.ids import is_id, new_id
from registry.letter.entity import Unit
from registry.letter.entry import Entry
from registry.letter.grades import Secrecy, Urgency
from registry.thai.numerals import to_thai
from saraban.web import casefile
from saraban.web.composing import (
    FORM,
    Content,
    begun,
    composition,
    keep,
    kept,
    laid,
    must_be_kept,
    typed,
)  # fmt: skip
from saraban.web.cookies import Done
from saraban.web.forms import version_of
from saraban.web.rehearsal import rehearse
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()

_LISTS = {"to": "to", "cc": "copies"}


@router.get("/send")
def begin(visit: Visitor) -> Response:
    """Show an empty form, or one that answers an entry or begins again from a returned letter."""
    visit.must(Act.SEND)
    key, asked = new_id(), visit.request.query_params
    with visit.read() as session:
        if answers := asked.get("answers", ""):
            what = compose.answering(session, visit.entity, answers, key)
        elif again := asked.get("again", ""):
            what = compose.again(session, visit.entity, visit.viewer.email, again, key)
        else:
            what = Composition(key, unit=visit.viewer.unit)
    return _show(visit, key, begun(what), fresh=True)


@router.get("/send/{key}")
def go_on(visit: Visitor, key: str) -> Response:
    """Show the form as it was left."""
    visit.must(Act.SEND)
    with visit.read() as session:
        content = must_be_kept(session, visit, key)
    return _show(visit, key, content)


@router.post("/send/{key}")
def write(visit: Visitor, key: str) -> Response:
    """Save what was typed, and do what the button says."""
    visit.must(Act.SEND)
    if not is_id(key):
        raise NotFound("no key")
    with visit.read() as session:
        content = typed(visit, key, kept(session, visit, key))
    if visit.form.choice("secrecy", [one.thai for one in Secrecy]):
        visit.form.wrong["secrecy"] = compose.REFUSED
        return _show(visit, key, content, status=422)
    act, _, what = visit.form.raw("do").partition(":")
    found = _do(visit, content, act, what)
    with visit.write() as session:
        keep(session, visit, key, content)
    if act == "number":
        return _ask_number(visit, key, content)
    if act == "preview":
        composition(visit, key, content)
        if not visit.form.wrong:
            return visit.go(Done(f"/send/{key}/preview"))
    if act == "keep":  # by the page itself, while somebody types
        return Response(status_code=204)
    if act == "save":
        return visit.go(Done(f"/send/{key}", "บันทึกไว้แล้ว ยังไม่ได้ส่ง"))
    status = 422 if visit.form.wrong else 200
    return _show(visit, key, content, found, status=status, finding=act in {"find", "to", "cc"})


@router.get("/send/{key}/preview")
def preview(visit: Visitor, key: str) -> Response:
    """Show what each receiver will get."""
    visit.must(Act.SEND)
    with visit.read() as session:
        content = must_be_kept(session, visit, key)
    what = composition(visit, key, content)
    if visit.form.wrong:
        return _show(visit, key, content, status=422)
    shown = rehearse(visit, _sent(visit, what))
    waits = not visit.viewer.may(Act.DECIDE) and not what.slip
    waits = waits and visit.desk.settings.registry.send != "automatic"
    return visit.page(
        "send_preview", key=key, what=what, shown=shown, version=version_of(content), waits=waits,
    )  # fmt: skip


@router.post("/send/{key}/go")
def go(visit: Visitor, key: str) -> Response:
    """Send the letter, or leave it to an officer."""
    visit.must(Act.SEND)
    now = visit.form.raw("do") == "send" and visit.viewer.may(Act.DECIDE)

    def work(session: Session) -> Done:
        content = must_be_kept(session, visit, key)
        visit.form.must_be_fresh(version_of(content))
        what, desk = composition(visit, key, content), visit.resting
        done = compose.hand_over(
            session, desk, visit.entity, visit.viewer.email, what, now=now
        )  # fmt: skip
        saved.forget(session, visit.viewer.officer.id, FORM, key)
        if done.state == "draft" or done.entry_id is None:
            return Done("/drafts", "ฝากไว้แล้ว ยังไม่ได้ส่ง รอเจ้าหน้าที่สารบรรณออกเลข")
        return sent(visit, entries.get(session, done.entry_id))

    return visit.act(work)


@router.post("/send/{key}/discard")
def discard(visit: Visitor, key: str) -> Response:
    """Throw away what was typed; a number that was reserved stays reserved."""
    visit.must(Act.SEND)

    def work(session: Session) -> Done:
        saved.forget(session, visit.viewer.officer.id, FORM, key)
        return Done("/send", "ทิ้งฉบับที่เขียนค้างไว้แล้ว")

    return visit.act(work)


@router.post("/send/undo/{entry_id}")
def undo(visit: Visitor, entry_id: str) -> Response:
    """Take a letter back that has not left yet: a draft again, that holds its number."""
    visit.must(Act.SEND)

    def work(session: Session) -> Done:
        casefile.entry_of(session, visit, entry_id)  # another entity's is not there
        letter, _ = letter_of(session, entry_id, visit.viewer.email)
        hold.undo(session, visit.desk, entry_id, visit.viewer.email)
        return Done(f"/drafts/{letter.id}", "ดึงกลับก่อนส่งแล้ว เป็นร่างอีกครั้ง เลขที่ยังเป็นของฉบับนี้")

    return visit.act(work)


def sent(visit: Visit, entry: Entry) -> Done:
    """Say that a letter was sent, with the way to take it back."""
    number = to_thai(entry.letter_number or f"{entry.number}/{entry.year}")
    seconds = to_thai(f"{visit.resting.hold_seconds:.0f}")
    return Done(
        f"/follow/{entry.id}", f"ออกเลขแล้ว ที่ {number} จะออกจากระบบใน {seconds} วินาที",
        undo=f"/send/undo/{entry.id}",
    )  # fmt: skip


def _sent(visit: Visit, what: Composition) -> Callable[[Session], str]:
    """Give what sending does; a letter that would wait for an officer is sent all the same."""

    def act(session: Session) -> str:
        now = visit.viewer.may(Act.DECIDE)
        done = compose.hand_over(
            session, visit.desk, visit.entity, visit.viewer.email, what, now=now
        )  # fmt: skip
        if done.entry_id is not None and done.state == "sent":
            return done.entry_id
        slip = what.slip or None
        assert done.letter_id is not None
        return number_and_send(
            session, visit.desk, done.letter_id, visit.viewer.email, entry_id=slip
        ).id  # fmt: skip

    return act


def _do(visit: Visit, content: Content, act: str, what: str) -> list[Receiver] | None:
    """Add or take away an addressee, or find whom somebody means; None when nobody was sought."""
    if act in _LISTS and what and what not in content["to"] + content["copies"]:
        with visit.read() as session:
            if completing.named(session, visit.entity, what) is not None:
                content[_LISTS[act]].append(what)
    if act == "drop":
        for name in _LISTS.values():
            content[name] = [one for one in content[name] if one != what]
    if act == "find":
        with visit.read() as session:
            return completing.complete(session, visit.entity, visit.form.raw("find"))
    return None


def _ask_number(visit: Visit, key: str, content: Content) -> Response:
    if not content["subject"].strip():
        visit.form.wrong["subject"] = "โปรดพิมพ์เรื่องก่อนขอเลข"
        return _show(visit, key, content, status=422)

    def work(session: Session) -> Done:
        now = must_be_kept(session, visit, key)
        what = replace(composition(visit, key, now), due=None)
        entry = compose.ask_number(session, visit.desk, visit.entity, visit.viewer.email, what)
        keep(session, visit, key, now | {"slip": entry.id})
        return Done(f"/send/{key}", f"จองเลขแล้ว ที่ {to_thai(entry.letter_number)}")

    return visit.act(work)


def _show(
    visit: Visit, key: str, content: Content, found: list[Receiver] | None = None, *,
    status: int = 200, fresh: bool = False, finding: bool = False,
) -> Response:  # fmt: skip
    officer = visit.viewer.officer
    with visit.read() as session:
        facts: dict[str, Any] = {
            "to": _named(session, visit, content["to"]),
            "copies": _named(session, visit, content["copies"]),
            "slip": _slip(session, visit, content["slip"]),
            "units": _units(session, visit),
            "refused": _refused(session, visit, content),
            "others": saved.listing(session, officer.id, FORM) if fresh else [],
        }
    return visit.page(
        "send", status=status, key=key, c=content, form=visit.form, found=found, finding=finding,
        urgencies=[one.thai for one in Urgency], secrecies=[one.thai for one in Secrecy],
        most=visit.runtime.gateway.links.max_upload_bytes, laid=laid(content), **facts,
    )  # fmt: skip


def _named(session: Session, visit: Visit, tokens: list[str]) -> list[Receiver]:
    found = [completing.named(session, visit.entity, token) for token in tokens]
    return [
        replace(one, token=token)
        for token, one in zip(tokens, found, strict=True)
        if one is not None
    ]


def _slip(session: Session, visit: Visit, entry_id: str) -> Entry | None:
    if not entry_id:
        return None
    with visit.gate(session):
        return entries.get(session, entry_id)


def _refused(session: Session, visit: Visit, content: Content) -> str:
    """Say why the letter will not go when what it answers or carries was found secret meanwhile."""
    digests = [one["sha256"] for one in content["files"]]
    about = is_about_secret(session, visit.entity.id, content["answers"], digests)
    return compose.ABOUT_SECRET if about else ""


def _units(session: Session, visit: Visit) -> list[Unit]:
    """Give the units in whose name this person may write."""
    units = directory.units(session, visit.entity.id)
    if visit.viewer.may(Act.REGISTER):
        return units
    return [one for one in units if one.code == visit.viewer.unit]
