"""Acts of ``saraban letter`` that go back to whoever wrote: wrong, wrong-number, recalls, open.

``return`` stands with ``accept`` in :mod:`saraban.cli.letter_acts`. Each says whether the sender is
told by mail; where it is not (not listed, not proven), an officer must tell them another way.
"""

import click
from sqlalchemy.orm import Session

from gateway.service import Runtime
from registry import entries, letters
from registry.desk import accept, give_back, hold, recalled, unseal, wrong_number
from registry.errors import NotFound
from registry.letter.grades import Secrecy
from registry.thai.numerals import thai_number
from saraban.cli.common import acting, as_json, emit, entity_option, reason, say, with_runtime
from saraban.cli.who import entry_of, letter_of

NOT_TOLD = "ระบบตอบผู้ส่งทางไปรษณีย์ไม่ได้ (ผู้ส่งไม่อยู่ในทำเนียบหรือพิสูจน์ไม่ได้) โปรดแจ้งผู้ส่งทางอื่น"


def join(group: click.Group) -> None:
    """Add the acts to the group."""
    acts = (wrong, dispute, correct, agree, decline, open_, mark_secret, hold_, release)
    for command in acts:
        group.add_command(command)


def send_back(
    session: Session, runtime: Runtime, letter_id: str, by: str, why: str, *, wrong: bool
) -> bool:
    """Send a waiting or a registered letter back; say whether its sender is told by mail."""
    if letters.get_letter(session, letter_id).entry_id is not None:
        return give_back.give_back(session, runtime.desk, letter_id, by, why, wrong=wrong)
    return accept.return_letter(session, runtime.desk, letter_id, by, why, wrong=wrong)


def told(letter_id: str, done: str, *, by_mail: bool, as_json: bool) -> None:
    """Say what was done, and whether somebody must still tell the sender."""
    if as_json:
        emit({"letter": letter_id, "sender_told": by_mail})
    say(done)
    if not by_mail:
        say(NOT_TOLD)


@click.command()
@click.argument("ref")
@entity_option
@acting
@reason
@click.option("--misdirected", is_flag=True, help="It is meant for somebody else (ส่งผิดหน่วยงาน).")
@as_json
@with_runtime
def wrong(
    runtime: Runtime,
    ref: str,
    owner: str | None,
    by: str,
    reason: str,
    *,
    misdirected: bool,
    as_json: bool,
) -> None:
    """Tell the sender that the letter is defective or not meant for us; registered ones too."""
    why = f"{give_back.MISDIRECTED}: {reason}" if misdirected else reason
    with runtime.database.write() as session:
        letter_id = letter_of(session, ref, owner)
        by_mail = send_back(session, runtime, letter_id, by, why, wrong=True)
    told(letter_id, "แจ้งว่าหนังสือไม่ถูกต้องแล้ว", by_mail=by_mail, as_json=as_json)


@click.command("wrong-number")
@click.argument("ref")
@entity_option
@click.option("--to", "address", default="", help="Which addressee: address or code of entity.")
@acting
@reason
@with_runtime
def dispute(
    runtime: Runtime, ref: str, owner: str | None, address: str, by: str, reason: str
) -> None:
    """Tell an addressee that the receive number they told us is not that of our letter."""
    with runtime.database.write() as session:
        entry = entries.get(session, entry_of(session, ref, owner), cleared=True)
        wanted = address.casefold()
        fits = [one for one in entry.deliveries if wanted in ("", one.to, one.to_entity)]
        if len(fits) > 1:
            raise click.UsageError("หนังสือนี้มีผู้รับหลายราย โปรดระบุ --to")
        if not fits:
            raise NotFound("no such addressee", thai="ไม่มีผู้รับรายนี้ในหนังสือฉบับนี้")
        wrong_number.dispute(session, runtime.desk, fits[0].id, by, reason)
    say(f"แจ้ง{fits[0].to_name or fits[0].to}ว่าเลขรับไม่ถูกต้องแล้ว")


@click.command("correct-number")
@click.argument("ref")
@entity_option
@click.option("--told", "before", default="", help="The wrong number, as it was told.")
@click.option("--reason", default="", help="Why it was wrong.")
@acting
@as_json
@with_runtime
def correct(
    runtime: Runtime,
    ref: str,
    owner: str | None,
    before: str,
    reason: str,
    by: str,
    *,
    as_json: bool,
) -> None:
    """Tell the sender the right receive number, as it stands in the book (แจ้งแก้เลขรับ)."""
    with runtime.database.write() as session:
        letter_id = letter_of(session, ref, owner)
        by_mail = wrong_number.correct(
            session, runtime.desk, letter_id, by, told=before, reason=reason
        )
    told(letter_id, "แจ้งเลขรับที่ถูกต้องแล้ว", by_mail=by_mail, as_json=as_json)


@click.command("agree-recall")
@click.argument("ref")
@entity_option
@click.option("--reason", default="", help="A word to the sender.")
@acting
@as_json
@with_runtime
def agree(
    runtime: Runtime, ref: str, owner: str | None, reason: str, by: str, *, as_json: bool
) -> None:
    """Give a letter back whose sender asked for it; its number stays in the book."""
    _answer(runtime, ref, owner, by, reason, agreed=True, as_json=as_json)


@click.command("decline-recall")
@click.argument("ref")
@entity_option
@acting
@reason
@as_json
@with_runtime
def decline(
    runtime: Runtime, ref: str, owner: str | None, by: str, reason: str, *, as_json: bool
) -> None:
    """Keep a letter whose sender asked for it back, and say why."""
    _answer(runtime, ref, owner, by, reason, agreed=False, as_json=as_json)


def _answer(
    runtime: Runtime,
    ref: str,
    owner: str | None,
    by: str,
    why: str,
    *,
    agreed: bool,
    as_json: bool,
) -> None:
    with runtime.database.write() as session:
        letter_id = letter_of(session, ref, owner)
        by_mail = recalled.answer_recall(
            session, runtime.desk, letter_id, by, agree=agreed, reason=why
        )
    done = "คืนหนังสือตามที่ผู้ส่งขอแล้ว" if agreed else "ตอบว่าไม่คืนหนังสือแล้ว"
    told(letter_id, done, by_mail=by_mail, as_json=as_json)


@click.command("open")
@click.argument("ref")
@entity_option
@acting
@with_runtime
def open_(runtime: Runtime, ref: str, owner: str | None, by: str) -> None:
    """Open a letter that could not be read; who did is journaled, for it may be secret."""
    with runtime.database.write() as session:
        unseal.unseal(session, runtime.desk, letter_of(session, ref, owner), by)
    say("เปิดแล้ว ดูได้ด้วย saraban letter show และ saraban letter original")


@click.command("mark-secret")
@click.argument("ref")
@entity_option
@click.option("--secrecy", default="ลับ", show_default=True, help="ลับ, ลับมาก, ลับที่สุด.")
@acting
@with_runtime
def mark_secret(runtime: Runtime, ref: str, owner: str | None, secrecy: str, by: str) -> None:
    """Hand a waiting letter that turns out to be secret to the officer of secret letters."""
    with runtime.database.write() as session:
        grade = Secrecy.parse(secrecy)
        unseal.mark(session, runtime.desk, letter_of(session, ref, owner), by, grade)
    say("เก็บไว้ให้นายทะเบียนข้อมูลข่าวสารลับแล้ว")


@click.command("hold")
@click.argument("ref")
@entity_option
@acting
@with_runtime
def hold_(runtime: Runtime, ref: str, owner: str | None, by: str) -> None:
    """Keep back what has not left of a numbered letter, until it is released."""
    with runtime.database.write() as session:
        count = hold.hold(session, runtime.desk, entry_of(session, ref, owner), by)
    say(f"พักการส่งไว้ {thai_number(count)} แห่ง" if count else "ไม่มีส่วนที่ยังไม่ได้ส่ง")


@click.command()
@click.argument("ref")
@entity_option
@acting
@with_runtime
def release(runtime: Runtime, ref: str, owner: str | None, by: str) -> None:
    """Let go what was held."""
    with runtime.database.write() as session:
        count = hold.release(session, runtime.desk, entry_of(session, ref, owner), by)
    say(f"ปล่อยให้ส่งต่อ {thai_number(count)} แห่ง" if count else "ไม่มีส่วนที่พักไว้")
