"""The proof: everything the registry claims, recomputed from one snapshot beside a running service.

No number missing or doubled, no entry changed behind the register's back, no line of the journal
taken out, no word beside the books changed, every byte there and unchanged, every accepted mail
accounted for. The single claims are :mod:`registry.proving`; here they are put together. Nothing is
repaired and nothing is written.

Limit: whoever can rewrite database, journal and heads together can write another, sound history;
against that helps a printed or mailed copy of the heads, which the proof names.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.blobs import BlobStore
from registry.models.evidence import JournalHeadRow, JournalRow
from registry.models.people import EntityRow
from registry.proving.chains import prove_chains
from registry.proving.files import prove_files
from registry.proving.histories import prove_histories
from registry.proving.holdings import Rebuild, prove_holdings
from registry.proving.looks import prove_readings
from registry.proving.placing import placed
from registry.proving.problem import Problem
from registry.proving.reconciliation import DayProof, prove_intake
from registry.proving.series import SeriesProof, prove_series
from registry.proving.witnesses import prove_witnesses

BECAME: Final = {
    "registered": "ลงรับ", "waiting": "รอลงรับ", "acknowledgement": "ตอบรับ", "note": "บันทึก",
    "bounce": "ตีกลับ", "duplicate": "ซ้ำ", "secret": "ลับ", "returned": "ส่งคืน",
    "refused": "ไม่รับ", "automatic": "อัตโนมัติ", "draft": "รอออกเลข", "sent": "ส่ง",
    "withdrawn": "เรียกคืน",
}  # fmt: skip
"""What an accepted mail became, in Thai."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: each series, each day, counts, the journals' heads, and all problems.

    ``heads`` are the last hash of each entity's journal by entity code. ``unproven``
    counts by entity code the rows beside the books' lines that are older than the journal's
    digests of such rows.
    """

    series: Sequence[SeriesProof]
    days: Sequence[DayProof]
    problems: Sequence[Problem]
    entries: int
    contents: int
    journal_lines: int
    unproven: dict[str, int]
    heads: dict[str, str]

    @property
    def holds(self) -> bool:
        """Whether nothing at all was found wrong."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Give the proof as ``saraban proof --json`` prints it; days as YYYY-MM-DD."""
        return {
            "holds": self.holds,
            "entries": self.entries,
            "contents": self.contents,
            "journal_lines": self.journal_lines,
            "unproven": self.unproven,
            "heads": self.heads,
            "series": [asdict(one) for one in self.series],
            "days": [{**asdict(one), "day": one.day.isoformat()} for one in self.days],
            "problems": [asdict(one) for one in self.problems],
        }


STEPS: Final = ("series", "histories", "witnesses", "files", "journal", "intake", "holdings")
"""The claims in the order in which they are proven; the last takes longest."""


def prove(
    session: Session,
    blobs: BlobStore,
    rebuild: Rebuild | None = None,
    tell: Callable[[int], object] = lambda _step: None,
) -> Proof:
    """Recompute everything; the session is best a snapshot (:meth:`registry.db.Database.snapshot`).

    ``rebuild`` puts an original together from its parts and gives its SHA-256. ``tell`` hears the
    place in :data:`STEPS` of each claim as its proof begins; what it raises ends the proof.
    """
    tell(0)
    series, of_series = prove_series(session)
    tell(1)
    entries, of_histories = prove_histories(session)
    tell(2)
    unproven, of_witnesses = prove_witnesses(session)
    tell(3)
    of_files = list(prove_files(session))
    tell(4)
    of_journal = [*prove_chains(session), *prove_readings(session)]
    tell(5)
    days, of_intake = prove_intake(session)
    tell(6)
    contents, of_holdings = prove_holdings(session, blobs, rebuild)
    lines = session.scalar(select(func.count()).select_from(JournalRow)) or 0
    heads = select(EntityRow.code, JournalHeadRow.hash).join(JournalHeadRow)
    problems = [
        *of_series, *of_histories, *of_witnesses, *of_files, *of_journal, *of_intake, *of_holdings,
    ]  # fmt: skip
    return Proof(
        series=series,
        days=days,
        problems=placed(session, problems),
        entries=entries,
        contents=contents,
        journal_lines=lines,
        unproven=unproven,
        heads={row[0]: row[1] for row in session.execute(heads.order_by(EntityRow.code))},
    )
