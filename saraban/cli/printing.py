"""``saraban letter accept --print-number`` - a draft sent with both on its PDF."""

from contextlib import closing

import click

from gateway.service import Runtime
from registry.apart import Apart
from registry.desk import print_number
from registry.printing import Printer
from registry.thai.numerals import to_thai
from saraban.cli.common import say
from saraban.cli.who import letter_of
from saraban.printing import Printing


def accept(runtime: Runtime, ref: str, by: str) -> None:
    """Send a draft with its number and date on its PDF; say what was printed."""
    write = runtime.database.write
    with write() as session:
        letter_id = letter_of(session, ref)
    with closing(Apart("registry.texts.child", runtime.office.reading.memory, 0)) as apart:
        copy = Printing(write, runtime.desk, runtime.blobs, Printer(apart)).copy(letter_id, by)
    with write() as session:
        entry = print_number.send(session, runtime.desk, letter_id, by, copy)
    what = "เลขและวันที่" if copy.dated else "เลข (ไม่พบที่เว้นไว้สำหรับวันที่)"
    say(f"พิมพ์{what}ลงในไฟล์ และส่งแล้ว เลขที่ {to_thai(entry.letter_number)}")
    click.echo(entry.id)
