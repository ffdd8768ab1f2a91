"""``saraban evidence`` - all that is known of one number, as a PDF in Thai."""

import sys
from datetime import datetime

import click

from gateway.service import Runtime
from registry import directory
from registry import evidence as gathering
from registry.errors import NotAllowed
from registry.letter.entry import Entry
from registry.pdf.forms.report import Section
from saraban.cli.common import entity_option, with_runtime
from saraban.cli.who import cleared_entity, entry_of, secrets_for
from saraban.metrics.proved import read_proof
from saraban.originals import digests


@click.command()
@click.argument("ref")
@entity_option
@click.option("--arabic", is_flag=True, help="Arabic digits instead of Thai ones.")
@secrets_for
@with_runtime
def evidence(
    runtime: Runtime, ref: str, owner: str | None, *, arabic: bool, cleared: str | None
) -> None:
    """Print the evidence file of REF (รับ/2231/2568) to standard output, as PDF."""
    if sys.stdout.isatty():
        raise click.UsageError("ผลเป็นไฟล์ PDF โปรดสั่งเก็บลงไฟล์ด้วย > ชื่อไฟล์.pdf")
    with runtime.database.snapshot() as session:
        entry_id = entry_of(session, ref, owner)
        entry, sections = gathering.gather(
            session, runtime.blobs, entry_id, digests(runtime), read_proof(runtime.data_dir)
        )
        if entry.secrecy and cleared_entity(session, cleared, entry.secrecy) != entry.entity:
            raise NotAllowed(
                f"entry {entry_id} is secret",
                thai="เลขนี้มีชั้นความลับ พิมพ์ได้เฉพาะนายทะเบียนข้อมูลข่าวสารลับ ระบุด้วย --as",
            )
        own = directory.entity_by_code(session, entry.entity)
        office = own.name if own else entry.entity
    _print(entry, sections, office, runtime.clock.now(), thai=not arabic)


def _print(entry: Entry, sections: list[Section], office: str, at: datetime, *, thai: bool) -> None:
    from registry.pdf.forms.report import print_report

    title = f"หลักฐานของ{gathering.title_of(entry)}"
    print_report(sys.stdout.buffer, title, office, sections, at, thai=thai)
