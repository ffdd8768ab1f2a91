"""Two installations send each other many letters at once, tell each other the numbers, and stop.

Fifty each way; ``SARABAN_GREETINGS`` sets another number, for the long form of the campaign.
"""

import os
import smtplib
import ssl
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from registry.models.outgoing import DeliveryRow, OutboxRow
from tests.journeys.books import PASSWORD
from tests.journeys.installation import Installation, mail
from tests.journeys.pair import ONLY, two_installations
from tests.servers.waiting import wait_until

LETTERS = int(os.environ.get("SARABAN_GREETINGS", "50"))
CLERK = "somjai@{}.go.th"


def send_many(office: Installation, code: str, to: str) -> None:
    """Let a clerk send the letters in one session of her mail program."""
    clerk = CLERK.format(code)
    context = ssl.create_default_context(cafile=office.folder / "tls" / "cert.pem")
    with smtplib.SMTP("localhost", office.ports["submission"], timeout=60) as client:
        client.starttls(context=context)
        client.login(clerk, PASSWORD)
        for n in range(LETTERS):
            message = mail(clerk, to, f"ขอความร่วมมือ ครั้งที่ {n}")
            pdf = f"%PDF-1.7 {n}".encode()
            message.add_attachment(pdf, maintype="application", subtype="pdf", filename="ก.pdf")
            client.send_message(message, clerk, [to])


def settled(office: Installation) -> bool:
    """Say whether every letter sent is registered there and nothing is left to do."""
    with office.reading() as session:
        there = select(func.count()).where(DeliveryRow.state == "registered")
        left = select(func.count()).where(OutboxRow.state.in_(("queued", "sending", "held")))
        return session.scalar(there) == LETTERS and not session.scalar(left)


def test_all_letters_of_both_end_registered_with_the_number_there_and_no_mail_goes_round(
    tmp_path: Path,
):
    with two_installations(tmp_path) as (phrae, nan):
        offices = {"phrae": phrae, "nan": nan}
        for code, office in offices.items():
            office.add_officer(CLERK.format(code), code)
        with phrae.serving(ONLY), nan.serving(ONLY):
            send_many(phrae, "phrae", "saraban@nan.go.th")
            send_many(nan, "nan", "saraban@phrae.go.th")
            wait_until(lambda: settled(phrae) and settled(nan), phrae.log, seconds=240 + LETTERS)
        for code, office in offices.items():
            there = nan if office is phrae else phrae
            told = {
                one.remote_number
                for entry in office.entries("sent", code)
                for one in entry.deliveries
            }
            registered = there.entries("received", "nan" if office is phrae else "phrae")
            assert told == {f"{entry.number}/{entry.year}" for entry in registered}
            assert sorted(entry.number for entry in registered) == list(range(1, LETTERS + 1))
            # Each mail was worked on in one transaction: an answer to it would be a job by now.
            kinds = Counter(str(job.kind) for job in office.jobs() if job.state == "sent")
            assert kinds["letter"] == kinds["acknowledgement"] == LETTERS
            assert {job.state for job in office.jobs()} == {"sent"}
            states = Counter(office.letter_states())
            assert states == {"sent": LETTERS, "registered": LETTERS, "acknowledgement": LETTERS}
