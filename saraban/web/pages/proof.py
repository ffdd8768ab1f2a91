"""ตรวจสอบความครบถ้วนของทะเบียน: prove the books beside the work, see the result, print it in Thai."""

import io
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from registry import directory, proof_report
from registry.clock import BANGKOK
from registry.errors import NotFound
from registry.pdf.forms.report import print_report
from registry.proof import STEPS
from registry.thai.dates import long_date, thai_time
from saraban.web import cookies
from saraban.web.cookies import Done
from saraban.web.proving import prover_of
from saraban.web.viewer import Act
from saraban.web.visit import Visit, Visitor

router = APIRouter()


@router.get("/proof")
def proof(visit: Visitor) -> Response:
    """Show the last result, or how far the proof at work has come."""
    visit.must(Act.AUDIT)
    prover = prover_of(visit.request, visit.runtime)
    step, last = prover.step, prover.last()
    facts: dict[str, Any] = {
        "problems": (), "others": 0, "series": (), "counted": (), "unproven": "",
    }  # fmt: skip
    if last is not None:
        alone, code = _alone(visit), visit.entity.code
        mine, others = proof_report.own_problems(last.found, code, alone=alone)
        series = proof_report.own_series(last.found, code)
        counted = proof_report.own_counts(last.found, code, alone=alone)
        facts = {
            "problems": mine, "others": others, "series": series, "counted": counted,
            "unproven": proof_report.unproven(last.found, code),
        }  # fmt: skip
    return visit.page(
        "proof", step=step, steps=len(STEPS), last=last, failed=prover.failed,
        book_of=proof_report.book_of, says=proof_report.says, proves=proof_report.PROVES,
        proves_not=proof_report.PROVES_NOT, **facts,
    )  # fmt: skip


@router.post("/proof")
def begin(visit: Visitor) -> Response:
    """Begin a proof, unless one is at work."""
    visit.must(Act.AUDIT)
    began = prover_of(visit.request, visit.runtime).begin(visit.entity.id, visit.viewer.email)
    return visit.go(Done("/proof", "เริ่มตรวจสอบแล้ว" if began else "กำลังตรวจสอบอยู่แล้ว"))


@router.get("/proof.pdf")
def printed(visit: Visitor) -> Response:
    """Print the last result."""
    visit.must(Act.AUDIT)
    last = prover_of(visit.request, visit.runtime).last()
    if last is None:
        raise NotFound("nothing was proven yet", thai="ยังไม่มีผลการตรวจสอบ โปรดสั่งตรวจสอบก่อน")
    thai = cookies.preference(visit.request, "digits", cookies.DIGITS) == "thai"
    parts = proof_report.sections(last.found, visit.entity.code, alone=_alone(visit))
    out, day = io.BytesIO(), long_date(last.ended.astimezone(BANGKOK).date())
    told = f"{visit.entity.name} · ตรวจเมื่อ {day} {thai_time(last.ended)}"
    at = visit.now.astimezone(BANGKOK)
    print_report(out, proof_report.TITLE, told, parts, at, thai=thai)
    headers = {"Content-Disposition": 'attachment; filename="proof.pdf"'}
    return Response(out.getvalue(), media_type="application/pdf", headers=headers)


def _alone(visit: Visit) -> bool:
    """Whether this is the only entity whose books are kept here."""
    with visit.read() as session:
        return len(directory.hosted(session)) == 1
