"""``saraban proof`` - recompute everything and say whether the books hold."""

import sys
from typing import BinaryIO

import click

from gateway.service import Runtime
from registry import directory
from registry.letter.book import Book, Series
from registry.letter.entity import LegalEntity
from registry.proof import BECAME, Proof, prove
from registry.proving.series import SeriesProof
from registry.thai.dates import short_date
from registry.thai.numerals import thai_number, to_thai
from saraban.cli.common import as_json, emit, entity_option, show, with_runtime
from saraban.cli.who import hosted_entity
from saraban.metrics.proved import note_proof
from saraban.originals import digests


@click.command()
@as_json
@click.option("--pdf", type=click.File("wb"), help="Write the report in Thai to this file, too.")
@entity_option
@with_runtime
def proof(runtime: Runtime, owner: str | None, pdf: BinaryIO | None, *, as_json: bool) -> None:
    """Prove that no number is missing or doubled, and nothing lost or changed (else exit 1)."""
    own = _own(runtime, owner) if pdf else None
    found = prove_all(runtime)
    if pdf and own:
        _print_report(runtime, own, found, pdf)
    note_proof(runtime.data_dir, runtime.clock.now(), holds=found.holds)
    if as_json:
        emit(found.as_json())
    else:
        print_proof(found)
    if not found.holds:
        sys.exit(1)


def prove_all(runtime: Runtime) -> Proof:
    """Prove the books from one snapshot, beside whatever is running."""
    with runtime.database.snapshot() as session:
        return prove(session, runtime.blobs, digests(runtime))


def _own(runtime: Runtime, owner: str | None) -> tuple[LegalEntity, bool]:
    """Give whose report it is, and whether nobody else's books are kept here."""
    with runtime.database.read() as session:
        return hosted_entity(session, owner), len(directory.hosted(session)) == 1


def _print_report(
    runtime: Runtime, own: tuple[LegalEntity, bool], found: Proof, out: BinaryIO
) -> None:
    from registry import proof_report
    from registry.pdf.forms.report import print_report

    entity, alone = own
    parts = proof_report.sections(found.as_json(), entity.code, alone=alone)
    print_report(
        out, proof_report.TITLE, entity.name, parts, runtime.clock.now(), thai=True
    )  # fmt: skip


def print_proof(found: Proof) -> None:
    """Print a proof for people: the books, the days, and in one line whether it holds."""
    rows = [_series(one) for one in found.series]
    show(rows, ("หน่วยงาน", "ทะเบียน", "ปี", "เลข", "จำนวน", "ยกเลิก", "จอง", "ผล"), "ยังไม่มีทะเบียน")
    click.echo()
    for day in found.days[-7:]:
        became = " ".join(
            f"{BECAME.get(state, state)} {thai_number(count)}"
            for state, count in day.became.items()
        )
        click.echo(f"{short_date(day.day)}  รับเข้า {thai_number(day.mails)} ฉบับ เป็น {became}")
    for problem in found.problems:
        owner = f"{problem.entity}  " if problem.entity else ""
        click.echo(f"ไม่ถูกต้อง  {owner}{to_thai(problem.says)}")
    for code, many in found.unproven.items():
        click.echo(
            f"ไม่พิสูจน์  {code}  หลักฐานข้างทะเบียน {thai_number(many)} รายการ เก่ากว่าการจดค่าตรวจสอบ"
        )
    for code, head in filter(all, found.heads.items()):
        click.echo(f"ปลายบันทึก {code}  {head}")
    click.echo(
        f"ตรวจแล้ว {thai_number(found.entries)} เลข {thai_number(found.contents)} ไฟล์ "
        f"บันทึก {thai_number(found.journal_lines)} บรรทัด"
    )
    holds = (
        "ครบถ้วนถูกต้อง" if found.holds else f"พบสิ่งไม่ถูกต้อง {thai_number(len(found.problems))} รายการ"
    )
    click.echo(holds)


def _series(one: SeriesProof) -> tuple[str, ...]:
    name = Book(one.book).heading
    if one.series != Series.ORDINARY:
        name += f" {Series(one.series).thai}"
    return (
        one.entity + (f"+{one.unit}" if one.unit else ""),
        name,
        to_thai(str(one.year)),
        f"{thai_number(one.first)}…{thai_number(one.last)}" if one.count else "–",
        thai_number(one.count),
        thai_number(one.void),
        thai_number(one.reserved),
        "ครบ" if one.holds else "ไม่ครบ",
    )
