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
from saraban.cli.acts import Done, Hand, on_entry, on_letter
from saraban.cli.common import reason

NOT_TOLD = "ระบบตอบผู้ส่งทางอีเมลไม่ได้ (ผู้ส่งไม่อยู่ในทำเนียบหรือพิสูจน์ไม่ได้) โปรดแจ้งผู้ส่งทางอื่น"


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


def told(done: str, *, by_mail: bool) -> Done:
    """Say what was done, and whether somebody must still tell the sender."""
    return Done(done if by_mail else f"{done}\n{NOT_TOLD}", {"sender_told": by_mail})


@click.command()
@reason
@click.option("--misdirected", is_flag=True, help="It is meant for somebody else (ส่งผิดหน่วยงาน).")
@on_letter
def wrong(hand: Hand, reason: str, *, misdirected: bool) -> Done:
    """Tell the sender that the letter is defective or not meant for us; registered ones too."""
    why = f"{give_back.MISDIRECTED}: {reason}" if misdirected else reason
    by_mail = send_back(hand.session, hand.runtime, hand.id, hand.by, why, wrong=True)
    return told("แจ้งว่าหนังสือไม่ถูกต้องแล้ว", by_mail=by_mail)


@click.command("wrong-number")
@click.option("--to", "address", default="", help="Which addressee: address or code of entity.")
@reason
@on_entry
def dispute(hand: Hand, address: str, reason: str) -> Done:
    """Tell an addressee that the receive number they told us is not that of our letter."""
    entry = entries.get(hand.session, hand.id, cleared=True)
    wanted = address.casefold()
    fits = [one for one in entry.deliveries if wanted in ("", one.to, one.to_entity)]
    if len(fits) > 1:
        raise click.UsageError("หนังสือนี้มีผู้รับหลายราย โปรดระบุ --to")
    if not fits:
        raise NotFound("no such addressee", thai="ไม่มีผู้รับรายนี้ในหนังสือฉบับนี้")
    wrong_number.dispute(hand.session, hand.desk, fits[0].id, hand.by, reason)
    return Done(f"แจ้ง{fits[0].to_name or fits[0].to}ว่าเลขรับไม่ถูกต้องแล้ว", {"to": fits[0].to})


@click.command("correct-number")
@click.option("--told", "before", default="", help="The wrong number, as it was told.")
@click.option("--reason", default="", help="Why it was wrong.")
@on_letter
def correct(hand: Hand, before: str, reason: str) -> Done:
    """Tell the sender the right receive number, as it stands in the book (แจ้งแก้เลขรับ)."""
    by_mail = wrong_number.correct(
        hand.session, hand.desk, hand.id, hand.by, told=before, reason=reason
    )
    return told("แจ้งเลขรับที่ถูกต้องแล้ว", by_mail=by_mail)


@click.command("agree-recall")
@click.option("--reason", default="", help="A word to the sender.")
@on_letter
def agree(hand: Hand, reason: str) -> Done:
    """Give a letter back whose sender asked for it; its number stays in the book."""
    return told("คืนหนังสือตามที่ผู้ส่งขอแล้ว", by_mail=_answer(hand, reason, agree=True))


@click.command("decline-recall")
@reason
@on_letter
def decline(hand: Hand, reason: str) -> Done:
    """Keep a letter whose sender asked for it back, and say why."""
    return told("ตอบว่าไม่คืนหนังสือแล้ว", by_mail=_answer(hand, reason, agree=False))


def _answer(hand: Hand, why: str, *, agree: bool) -> bool:
    return recalled.answer_recall(
        hand.session, hand.desk, hand.id, hand.by, agree=agree, reason=why
    )


@click.command("open")
@on_letter
def open_(hand: Hand) -> Done:
    """Open a letter that could not be read; who did is journaled, for it may be secret."""
    unseal.unseal(hand.session, hand.desk, hand.id, hand.by)
    return Done("เปิดแล้ว ดูได้ด้วย saraban letter show และ saraban letter original")


@click.command("mark-secret")
@click.option("--secrecy", default="ลับ", show_default=True, help="ลับ, ลับมาก, ลับที่สุด.")
@on_letter
def mark_secret(hand: Hand, secrecy: str) -> Done:
    """Hand a waiting letter that turns out to be secret to the officer of secret letters."""
    unseal.mark(hand.session, hand.desk, hand.id, hand.by, Secrecy.parse(secrecy))
    return Done("เก็บไว้ให้นายทะเบียนข้อมูลข่าวสารลับแล้ว")


@click.command("hold")
@on_entry
def hold_(hand: Hand) -> Done:
    """Keep back what has not left of a numbered letter, until it is released."""
    count = hold.hold(hand.session, hand.desk, hand.id, hand.by)
    words = f"พักการส่งไว้ {thai_number(count)} แห่ง" if count else "ไม่มีส่วนที่ยังไม่ได้ส่ง"
    return Done(words, {"held": count})


@click.command()
@on_entry
def release(hand: Hand) -> Done:
    """Let go what was held."""
    count = hold.release(hand.session, hand.desk, hand.id, hand.by)
    words = f"ปล่อยให้ส่งต่อ {thai_number(count)} แห่ง" if count else "ไม่มีส่วนที่พักไว้"
    return Done(words, {"released": count})
