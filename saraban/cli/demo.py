"""``saraban demo`` - the whole way of a letter on this machine, step by step.

Four real agencies, real letters typeset as PDF, the real services on loopback. Nothing leaves this
machine. Without ``--exit`` the services stay up until Ctrl-C, so that pages and mailboxes can be
looked at.
"""

import signal
import tempfile
import threading
from pathlib import Path

import click

from registry.letter.entry import Entry
from registry.thai.dates import short_date
from registry.thai.numerals import to_thai
from saraban.cli.common import show
from saraban.cli.entries import place_in_books
from saraban.cli.proof import print_proof, prove_all
from saraban.demo.stage import PASSWORD, PHRAE, Stage
from saraban.demo.story import Story, step


@click.command()
@click.option("--exit", "leave", is_flag=True, help="End when the story is told.")
@click.option("--dir", "folder", type=click.Path(path_type=Path), help="Where; else a new folder.")
def demo(folder: Path | None, *, leave: bool) -> None:
    """Show the whole way of a letter on this machine."""
    place = folder or Path(tempfile.mkdtemp(prefix="saraban-demo-"))
    click.echo("สาธิตระบบสารบรรณทางอีเมล: หนังสือเวียนหนึ่งฉบับ จากกรมถึงจังหวัด ถึงท้องถิ่น แล้วตอบกลับ\n")
    with step("ติดตั้งระบบ ตั้งหน่วยงาน ๔ แห่ง และเริ่มบริการ"):
        stage = Stage(place)
        stage.start()
    try:
        story = Story(stage)
        story.tell()
        _show_books(story)
        print_proof(prove_all(stage.runtime))
        _show_places(stage, story)
        if not leave:
            _stay_up()
    finally:
        stage.stop()


def _show_books(story: Story) -> None:
    for book, title in (("received", "ทะเบียนหนังสือรับ"), ("sent", "ทะเบียนหนังสือส่ง")):
        click.echo(f"\n{title} {PHRAE.name}")
        rows = [_row(one) for one in story.book(PHRAE, book)]
        headers = ("ทะเบียน", "ที่", "ลงวันที่", "จาก", "ถึง", "เรื่อง", "การปฏิบัติ")
        show(rows, headers, "ยังไม่มีรายการ")
    click.echo()


def _row(one: Entry) -> tuple[str, ...]:
    return (
        place_in_books(one),
        to_thai(one.letter_number),
        short_date(one.dated) if one.dated else "",
        one.from_text,
        one.to_text,
        f"{one.subject[:48]}…",
        one.action,
    )


def _show_places(stage: Stage, story: Story) -> None:
    """Say where everything is, so that it can be looked at."""
    url = stage.runtime.links_url
    pages = [
        url + file.url
        for one in story.book(PHRAE, "received")
        for file in one.enclosures
        if file.url
    ]
    click.echo(
        f"\nหน้าของนายทะเบียน       http://127.0.0.1:{stage.ports['web']}/ "
        f"ผู้ใช้ registry@{PHRAE.domain} รหัสผ่าน {PASSWORD}"
    )
    click.echo(f"หน้าดาวน์โหลดไฟล์ใหญ่  {pages[0]}")
    click.echo(f"กล่องจดหมาย (.eml)     {stage.mailboxes.folder}")
    click.echo(f"ข้อมูลทั้งหมด            {stage.runtime.data_dir}")
    click.echo(
        f"ส่งจดหมายเองได้ที่        127.0.0.1:{stage.ports['submission']} STARTTLS "
        f"ผู้ใช้ {PHRAE.clerk} รหัสผ่าน {PASSWORD}"
    )
    click.echo(
        f"ใช้คำสั่งอื่นต่อได้         SARABAN_CONFIG={stage.config} saraban register list --entity phrae"
    )


def _stay_up() -> None:
    click.echo("\nบริการยังทำงานอยู่ กด Ctrl-C เพื่อจบ")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    ended.wait()
