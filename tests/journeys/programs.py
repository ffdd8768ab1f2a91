"""Mail programs that clerks and agencies use, run as they are run: neomutt, msmtp, swaks.

Nothing is read from the home of whoever runs the tests: each program gets a folder of its own.
"""

import os
import subprocess
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from pathlib import Path

from tests.journeys.books import PASSWORD
from tests.journeys.installation import Installation

SIGNED_IN = """\
host 127.0.0.1
port {port}
from {clerk}
tls on
tls_starttls on
tls_trust_file {certificate}
auth on
user {clerk}
password {password}
"""
PLAIN = """\
host 127.0.0.1
port {port}
from {clerk}
tls off
auth off
"""
NEOMUTT = """\
set from="{clerk}"
set realname="สมใจ ใจดี"
set use_from=yes
set sendmail="/usr/bin/msmtp -C {msmtprc}"
set copy=no
set record=""
set charset="utf-8"
set send_charset="us-ascii:utf-8"
set hostname="pc7.phrae.go.th"
"""


@dataclass(frozen=True)
class Neomutt:
    """A clerk's neomutt that hands its mail to msmtp."""

    folder: Path

    @classmethod
    def signed_in(cls, folder: Path, office: Installation, clerk: str) -> "Neomutt":
        """Set it up for the submission port."""
        facts = {"port": office.ports["submission"], "clerk": clerk, "password": PASSWORD}
        certificate = office.folder / "tls" / "cert.pem"
        return cls(folder)._set_up(clerk, SIGNED_IN.format(**facts, certificate=certificate))

    @classmethod
    def through(cls, folder: Path, port: int, clerk: str) -> "Neomutt":
        """Set it up for the agency's own mail server, which believes its own network."""
        return cls(folder)._set_up(clerk, PLAIN.format(port=port, clerk=clerk))

    def send(self, subject: str, text: str, *to: str, files: tuple[Path, ...] = ()) -> None:
        """Write a new mail."""
        self._run(["-s", subject], text, files, to)

    def answer(
        self, mail: EmailMessage, text: str, *, files: tuple[Path, ...] = (), cc: str = ""
    ) -> None:
        """Answer a mail as the Reply key does, the history quoted below."""
        thread = f"{mail['References'] or ''} {mail['Message-ID']}".split()
        quoted = "".join(f"> {line}\n" for line in _text(mail).splitlines())
        header = [
            *("-e", f"my_hdr In-Reply-To: {mail['Message-ID']}"),
            *("-e", f"my_hdr References: {' '.join(thread)}"),
            *(("-c", cc) if cc else ()),
            *("-s", f"Re: {mail['Subject']}"),
        ]
        text = f"{text}\n\nเมื่อ 3 ต.ค. 2568 {mail['From']} เขียนว่า:\n{quoted}"
        self._run(header, text, files, (str(mail["Reply-To"] or mail["From"]),))

    def _set_up(self, clerk: str, msmtprc: str) -> "Neomutt":
        self.folder.mkdir()
        secret = self.folder / "msmtprc"
        secret.touch(mode=0o600)
        secret.write_text(msmtprc, encoding="utf-8")
        settings = NEOMUTT.format(clerk=clerk, msmtprc=secret)
        (self.folder / "neomuttrc").write_text(settings, encoding="utf-8")
        return self

    def _run(
        self, options: list[str], text: str, files: tuple[Path, ...], to: tuple[str, ...]
    ) -> None:
        attached = ["-a", *map(str, files)] if files else []
        run(
            ["neomutt", "-n", "-F", str(self.folder / "neomuttrc"), *options, *attached, "--", *to],
            self.folder,
            text,
        )


def swaks(
    folder: Path, port: int, sender: str, to: str, subject: str, text: str, file: Path | None = None
) -> None:
    """Hand a mail to a server on this machine."""
    words = "".join(Header(subject, "utf-8", maxlinelen=900).encode().splitlines())
    attached = ["--attach-type", "application/pdf", "--attach", f"@{file}"] if file else []
    run(
        [
            *("swaks", "--server", "127.0.0.1", "--port", str(port), "--from", sender, "--to", to),
            *("--header", f"Subject: {words}"),
            *("--add-header", "MIME-Version: 1.0", "--body", text, *attached),
        ],
        folder,
    )  # fmt: skip


def run(command: list[str], folder: Path, text: str = "") -> str:
    """Run a program with a home of its own; give what it printed."""
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    done = subprocess.run(
        command, env=environ, cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""
