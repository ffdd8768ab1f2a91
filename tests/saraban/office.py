"""An installation for tests of commands: they run in this process, mail comes by the spool.

No service runs. A letter is laid into the spool as the door would have done, and the worker's
round enters it, so what the commands show is what the real way in has written.
"""

import json
import os
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from gateway.inbound.envelope import Envelope
from gateway.inbound.pickup import pickup_of
from gateway.inbound.spool import Spool
from gateway.service import Runtime
from registry.letter.message import Listener
from saraban.cli.main import cli
from saraban.config.load import load
from tests.servers.dovecot import Dovecot, Mailbox

PHRAE, DLA = "saraban@phrae.go.th", "saraban@dla.go.th"
OFFICER, CLERK, SECRETS = "officer@phrae.go.th", "somjai@phrae.go.th", "secret@phrae.go.th"


class Office:
    """จังหวัดแพร่ in a folder of its own; ``config`` is its saraban.toml."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.folder = config.parent

    def run(self, *command: str, stdin: str = "", code: int = 0) -> Result:
        """Run ``saraban`` and expect this exit code."""
        environ = {"SARABAN_CONFIG": str(self.config)}
        done = CliRunner().invoke(cli, command, input=stdin, env=environ)
        told = f"exit {done.exit_code}, not {code}\n{done.output}\n{done.exception!r}"
        assert done.exit_code == code, told
        return done

    def data(self, *command: str, code: int = 0) -> Any:
        """Run with --json and give what was printed; nothing else may stand on stdout."""
        return json.loads(self.run(*command, "--json", code=code).stdout)

    def runtime(self, environ: Mapping[str, str] | None = None) -> Runtime:
        """Open the runtime as a process of this environment would; close it after use."""
        settings = load(self.config, os.environ | dict(environ or {}))
        return Runtime(settings.office, settings.gateway)

    def write_settings(self, text: str) -> None:
        """Put these lines of TOML at the end of saraban.toml."""
        with self.config.open("a", encoding="utf-8") as file:
            file.write("\n" + text)

    def add_relay(self, port: int, **keys: object) -> None:
        """Send mail to others by a server on this machine."""
        settings = {"host": "127.0.0.1", "tls": "none"} | keys
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        self.write_settings("\n".join(["[[relay]]", f"port = {port}", *lines, ""]))

    def add_collector(self, dovecot: Dovecot, mailbox: Mailbox, **keys: object) -> None:
        """Collect from this mailbox."""
        secret = self.folder / "keys" / "imap.password"
        secret.touch(mode=0o600)
        secret.write_text(mailbox.password, encoding="utf-8")
        settings = {
            "entity": "phrae", "host": dovecot.host, "username": mailbox.username,
            "password_file": secret, "since": "2020-01-01", "ca_file": dovecot.certificate.file,
            "authserv_id": "mx.phrae.go.th",
        } | keys  # fmt: skip
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        self.write_settings("\n".join(["[[collector]]", f"port = {dovecot.tls_port}", *lines, ""]))

    def add_town(self) -> None:
        """Let a second entity have its books here."""
        self.run(
            "entity", "add", "town", "--name", "เทศบาลเมืองแพร่", "--address", "saraban@town.go.th",
            "--letter-code", "พร ๕๒๐๐๑", "--hosted",
        )  # fmt: skip

    def lay(
        self, sender: str, *recipients: str, subject: str, trusted: bool = True, scan: str = ""
    ) -> str:
        """Lay a mail with a PDF into the spool, and give its name there."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, ", ".join(recipients), subject
        message["Message-ID"] = f"<{os.urandom(8).hex()}@{sender.rpartition('@')[2]}>"
        message["Date"] = "Fri, 03 Oct 2025 10:42:00 +0700"
        message.set_content("เรียน ผู้ว่าราชการจังหวัดแพร่\n")
        message.add_attachment(
            b"%PDF-1.7 a letter", maintype="application", subtype="pdf", filename="หนังสือ.pdf"
        )
        raw = message.as_bytes().replace(b"\n", b"\r\n")
        return self.lay_raw(raw, sender, *recipients, trusted=trusted, scan=scan)

    def lay_raw(
        self, raw: bytes, sender: str, *recipients: str, trusted: bool = True, scan: str = ""
    ) -> str:
        """Lay these bytes into the spool, and give their name there."""
        runtime = self.runtime()
        spool = Spool(runtime.spool_dir, "smtp", runtime.clock)
        with spool.begin() as file:
            file.write(raw)
            name = file.commit(
                Envelope(
                    Listener.MX,
                    runtime.clock.now(),
                    mail_from=sender,
                    recipients=recipients,
                    trusted_network=trusted,
                    scan=scan,
                    scan_detail="the scanner is away" if scan == "not_scanned" else "",
                )
            )
        spool.close()
        return name

    def enter(self) -> None:
        """Let the worker take in what lies in the spool."""
        runtime = self.runtime()
        pickup_of(runtime).round()
        runtime.close()

    def receive(
        self,
        sender: str = DLA,
        *recipients: str,
        subject: str = "ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔ แนวทางการปรับปรุงคู่มือ",
        trusted: bool = True,
        scan: str = "",
    ) -> None:
        """Take a letter in; from กรมส่งเสริมฯ it is registered at once."""
        self.lay(sender, *(recipients or (PHRAE,)), subject=subject, trusted=trusted, scan=scan)
        self.enter()

    def received(self) -> list[dict[str, Any]]:
        """List the received book of this year."""
        found: list[dict[str, Any]] = self.data("register", "list", "--entity", "phrae")
        return found

    def waiting(self) -> list[dict[str, Any]]:
        """List what waits for an officer."""
        found: list[dict[str, Any]] = self.data("letter", "waiting")
        return found

    def draft(self, subject: str = "ขอเชิญประชุม") -> str:
        """Let the clerk hand in a letter to กรมส่งเสริมฯ, and give the id of the draft."""
        self.receive(CLERK, "saraban+dla@phrae.go.th", subject=subject)
        return str(self.waiting()[-1]["id"])
