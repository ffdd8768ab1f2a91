"""``saraban collect`` - look into the mailboxes once: fetch, register, flag or move."""

import click

from gateway.inbound.once import collect_once
from gateway.service import Runtime
from registry.errors import OutOfOrder
from registry.thai.numerals import thai_number
from saraban.cli.common import log_to_stderr, say, with_runtime


@click.command()
@with_runtime
def collect(runtime: Runtime) -> None:
    """Fetch new mail from every mailbox once and wait until the books have it.

    While ``serve`` runs, its worker registers; else this command does.
    """
    log_to_stderr()
    looked = collect_once(runtime)
    for one in looked:
        if not one.trouble:
            say(
                f"{one.account}: นำเข้า {thai_number(one.fetched)} ฉบับ "
                f"ทำเครื่องหมายว่าลงทะเบียนแล้ว {thai_number(one.marked)} ฉบับ"
            )
    trouble = [f"{one.account}: {one.trouble}" for one in looked if one.trouble]
    if trouble:
        raise OutOfOrder(
            "; ".join(trouble),
            thai="เปิดกล่องจดหมายบางกล่องไม่ได้ โปรดตรวจ [[collector]] ใน saraban.toml",
        )
