"""``saraban calls`` - letters that nobody acknowledged: whom to telephone, and what was said.

DELIVERY is the number in the first column of the list.
"""

from dataclasses import asdict
from datetime import datetime, timedelta

import click

from gateway.service import Runtime
from registry.clock import BANGKOK
from registry.desk import call
from registry.thai.numerals import thai_number, to_thai
from saraban.cli.common import acting, as_json, emit, entity_option, say, show, with_runtime
from saraban.cli.who import hosted_entity

WHY = {"overdue": "ไม่ตอบรับ", "recall": "ขอเรียกคืน"}


@click.group()
def calls() -> None:
    """Letters that nobody acknowledged: whom to telephone."""


@calls.command("list")
@entity_option
@as_json
@with_runtime
def list_(runtime: Runtime, owner: str | None, *, as_json: bool) -> None:
    """List the calls to make, the most urgent first; secret letters without their subject."""
    now = runtime.clock.now()
    with runtime.database.read() as session:
        own = hosted_entity(session, owner).code if owner else None
        found = call.due(session, runtime.desk, own)
    if as_json:
        emit([_data(one, now) for one in found])
        return
    rows = [
        (
            str(one.delivery),
            one.urgency,
            to_thai(one.letter_number),
            one.to_name,
            one.phone or "ไม่มีหมายเลข",
            _how_late(now - one.since),
            WHY[one.why],
            one.last,
            one.subject,
        )
        for one in found
    ]
    headers = ("รหัส", "ชั้นความเร็ว", "ที่", "ผู้รับ", "โทร.", "เกินมา", "เหตุ", "ผลครั้งก่อน", "เรื่อง")
    show(rows, headers, "ไม่มีหนังสือที่ต้องโทรติดตาม")


@calls.command()
@click.argument("delivery", type=click.IntRange(1))
@acting
@click.option("--spoke-to", default="", help="Who answered; needed unless nobody did.")
@click.option("--no-answer", is_flag=True, help="Nobody answered; the letter stays on the list.")
@click.option("--result", required=True, help="What was said; it is kept for good.")
@click.option("--remote-number", default="", help="Receive number there, as 2231/2568.")
@click.option("--given-back", is_flag=True, help="They agreed to give a recalled letter back.")
@as_json
@with_runtime
def done(  # noqa: PLR0913 - one parameter an option
    runtime: Runtime,
    delivery: int,
    by: str,
    spoke_to: str,
    result: str,
    remote_number: str,
    *,
    no_answer: bool,
    given_back: bool,
    as_json: bool,
) -> None:
    """Write down a call about DELIVERY: who called, whom they spoke to, what was said."""
    if bool(spoke_to.strip()) == no_answer:
        raise click.UsageError("โปรดระบุ --spoke-to ชื่อผู้รับสาย หรือ --no-answer อย่างใดอย่างหนึ่ง")
    if not result.strip():
        raise click.BadParameter("โปรดเขียนผลการโทร", param_hint="--result")
    with runtime.database.write() as session:
        state = call.done(
            session, runtime.desk, delivery, by, spoke_to=spoke_to.strip(),
            result=result.strip(), remote_number=remote_number, given_back=given_back,
        )  # fmt: skip
    if as_json:
        emit({"delivery": delivery, "state": str(state)})
    say(f"บันทึกการโทรแล้ว สถานะ: {state.thai}")


def _data(one: call.Call, now: datetime) -> dict[str, object]:
    since = one.since.astimezone(BANGKOK).isoformat(timespec="seconds")
    return asdict(one) | {"since": since, "late_seconds": int((now - one.since).total_seconds())}


def _how_late(late: timedelta) -> str:
    minutes = max(int(late.total_seconds() // 60), 0)
    if minutes < 60:
        return f"{thai_number(minutes)} นาที"
    if minutes < 1440:
        return f"{thai_number(minutes // 60)} ชั่วโมง"
    return f"{thai_number(minutes // 1440)} วัน"
