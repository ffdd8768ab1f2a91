"""The proof: everything the registry claims, recomputed from one snapshot beside a running service.

No number missing or doubled, no entry changed behind the register's back, no line of the journal
taken out, every byte there and unchanged, every accepted mail accounted for. The single claims are
:mod:`registry.proving`; here they are put together. Nothing is repaired and nothing is written.

Limit: whoever can rewrite database, journal and heads together can write another, sound history;
against that helps a printed or mailed copy of the heads, which the proof names.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import journal
from registry.blobs import BlobStore
from registry.models.evidence import JournalHeadRow, JournalRow
from registry.models.people import EntityRow
from registry.proving.files import prove_files
from registry.proving.histories import prove_histories
from registry.proving.holdings import Rebuild, prove_holdings
from registry.proving.problem import Problem
from registry.proving.reconciliation import DayProof, prove_intake
from registry.proving.series import SeriesProof, prove_series


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: each series, each day, counts, the journals' heads, and all problems.

    ``heads`` are the last hash of each entity's journal by entity code.
    """

    series: Sequence[SeriesProof]
    days: Sequence[DayProof]
    problems: Sequence[Problem]
    entries: int
    contents: int
    journal_lines: int
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
            "heads": self.heads,
            "series": [asdict(one) for one in self.series],
            "days": [{**asdict(one), "day": one.day.isoformat()} for one in self.days],
            "problems": [asdict(one) for one in self.problems],
        }


def prove(session: Session, blobs: BlobStore, rebuild: Rebuild | None = None) -> Proof:
    """Recompute everything; the session is best a snapshot (:meth:`registry.db.Database.snapshot`).

    ``rebuild`` puts an original together from its parts and gives its SHA-256.
    """
    series, of_series = prove_series(session)
    entries, of_histories = prove_histories(session)
    of_journal = [Problem("journal", "journal", what) for what in journal.verify(session)]
    days, of_intake = prove_intake(session)
    contents, of_holdings = prove_holdings(session, blobs, rebuild)
    lines = session.scalar(select(func.count()).select_from(JournalRow)) or 0
    heads = select(EntityRow.code, JournalHeadRow.hash).join(JournalHeadRow)
    return Proof(
        series=series,
        days=days,
        problems=[
            *of_series,
            *of_histories,
            *prove_files(session),
            *of_journal,
            *of_intake,
            *of_holdings,
        ],
        entries=entries,
        contents=contents,
        journal_lines=lines,
        heads={row[0]: row[1] for row in session.execute(heads.order_by(EntityRow.code))},
    )
