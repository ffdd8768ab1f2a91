"""Those who send letters all the while, and remember which of them were answered with 250.

They behave as mail servers do (RFC 5321 §4.5.4.1): a letter that was not answered is sent again,
the same to the last byte, until it is. What they remember is the oracle of the campaign.
"""

import hashlib
import os
import random
import smtplib
import ssl
import threading
from email import policy
from pathlib import Path

from tests.journeys.books import PASSWORD
from tests.journeys.installation import Installation, mail

CENTRAL, CLERK, DLA = "saraban@phrae.go.th", "somjai@phrae.go.th", "saraban@dla.go.th"
OFFICES = [f"saraban@a{n}.go.th" for n in range(1, 4)]
_PAUSE = 0.05


class Sender(threading.Thread):
    """Sends one letter after the other until told to stop, and then ends the last one."""

    def __init__(self, office: Installation, stop: threading.Event, seed: int) -> None:
        super().__init__(daemon=True)
        self.answered: list[str] = []  # by SHA-256, or by Subject for a clerk
        self._office = office
        self._stop_sending = stop
        self._random = random.Random(seed)

    def run(self) -> None:
        """Send."""
        while not self._stop_sending.is_set():
            key, raw = self.letter()
            while not self._was_answered(raw):
                self._stop_sending.wait(_PAUSE)
            self.answered.append(key)

    def letter(self) -> tuple[str, bytes]:
        """Write the next letter; give what it will be known by, and its bytes."""
        message = mail(DLA, CENTRAL, f"เรื่องที่ {os.urandom(6).hex()}")
        size = self._random.choice([0, 2_000, 40_000, 400_000])
        content = self._random.randbytes(size)
        message.add_attachment(content, maintype="image", subtype="x-noise", filename="ภาพ.bin")
        raw = message.as_bytes(policy=policy.SMTP)
        return hashlib.sha256(raw).hexdigest(), raw

    def hand_in(self, client: smtplib.SMTP, raw: bytes) -> None:
        """Send one letter over an open connection."""
        client.sendmail(DLA, [CENTRAL], raw)

    def connect(self) -> smtplib.SMTP:
        """Open a connection to the door."""
        return smtplib.SMTP("127.0.0.1", self._office.ports["smtp"], timeout=30)

    def _was_answered(self, raw: bytes) -> bool:
        try:
            with self.connect() as client:
                self.hand_in(client, raw)
        except (OSError, smtplib.SMTPException):
            return False
        return True


class Clerk(Sender):
    """A clerk whose letters leave for several offices by the submission port."""

    def letter(self) -> tuple[str, bytes]:
        """Write the next letter, with a file, so that it is one."""
        message = mail(CLERK, ", ".join(OFFICES), subject := f"แจ้ง {os.urandom(6).hex()}")
        message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="ก.pdf")
        return subject, message.as_bytes(policy=policy.SMTP)

    def connect(self) -> smtplib.SMTP:
        """Open a connection, sign in."""
        client = smtplib.SMTP("localhost", self._office.ports["submission"], timeout=30)
        certificate = Path(self._office.folder / "tls" / "cert.pem")
        try:
            client.starttls(context=ssl.create_default_context(cafile=certificate))
            client.login(CLERK, PASSWORD)
        except BaseException:
            client.close()
            raise
        return client

    def hand_in(self, client: smtplib.SMTP, raw: bytes) -> None:
        """Send to all offices."""
        client.sendmail(CLERK, OFFICES, raw)
