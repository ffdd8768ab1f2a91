"""A real installation in a folder of its own: its processes, its commands, and mail to and from it.

Everything is done as people do it: settings in saraban.toml, the ``saraban`` command, SMTP.
"""

import copy
import json
import os
import shutil
import signal
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from registry.clock import SystemClock, buddhist_year
from saraban.installing import FirstEntity
from tests.founding import founded
from tests.journeys.books import PASSWORD, Books
from tests.servers.quick import Quick
from tests.servers.waiting import wait_until

PHRAE = FirstEntity("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")


class Installation(Books):
    """One installation of the system under test, on SQLite unless given another database.

    ``start`` starts its processes: from a nursery, or with ``subprocess.Popen`` each in a Python of
    its own, for tests of what that is.
    """

    def __init__(
        self,
        folder: Path,
        hostname: str = "saraban.test",
        first: FirstEntity | None = PHRAE,
        url: str = "",
        start: type["subprocess.Popen[Any]"] = Quick,
    ) -> None:
        self.folder = folder
        self._start = start
        self.url = url or f"sqlite:///{folder / 'saraban.db'}"
        self.config = founded(folder, hostname, first)
        self.ports: dict[str, int] = {}
        self.pids: dict[str, int] = {}
        self._launched: list[subprocess.Popen[bytes]] = []
        self.settings("smtp", listen="127.0.0.1:0", trusted_networks=["127.0.0.0/8"])
        self.settings("submission", listen="127.0.0.1:0")
        self.settings("links", listen="127.0.0.1:0")
        self.settings("web", listen="")  # the pages have tests of their own
        if url:
            self.settings("database", url=url)

    def copy(self, folder: Path) -> "Installation":
        """Give the same office in another folder; only while it is not serving."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("run"))
        return self.moved(folder)

    def moved(self, folder: Path) -> "Installation":
        """Give what stands in another folder and was this office's."""
        made = copy.copy(self)
        made.folder, made.config = folder, folder / "saraban.toml"
        made.url = f"sqlite:///{folder / 'saraban.db'}"
        return made

    def settings(self, section: str, **keys: Any) -> None:
        """Set keys in saraban.toml: each stands in its section, above the sample's comments.

        A section that comes several times ([[relay]]) gets one more of it.
        """
        text = self.config.read_text(encoding="utf-8")
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
        before, head, section_text = text.partition(f"\n[{section}]\n")
        if head:
            known = tuple(f"{key} = " for key in keys)
            kept, bracket, rest = section_text.partition("\n[")
            lines += [line for line in kept.splitlines() if not line.startswith(known)]
            text = "".join([before, head, "\n".join(lines), "\n", bracket, rest])
        else:
            text += "\n".join(["", f"[[{section}]]", *lines, ""])
        self.config.write_text(text, encoding="utf-8")

    def run(
        self, *command: str, stdin: str = "", ok: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a ``saraban`` command on this installation."""
        done = self._ran(command, stdin, text=True)
        assert not ok or done.returncode == 0, done.stderr
        return done

    def _ran(
        self, command: tuple[str, ...], stdin: Any, *, text: bool
    ) -> "subprocess.CompletedProcess[Any]":
        with self._start(
            [sys.executable, "-m", "saraban", *command],
            env=os.environ | {"SARABAN_CONFIG": str(self.config)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=text,
        ) as process:
            out, err = process.communicate(stdin)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def data(self, *command: str) -> Any:
        """Run a command with --json and give what it printed."""
        return json.loads(self.run(*command, "--json").stdout)

    def register(self, book: str, entity: str = "phrae", year: int = 0) -> list[dict[str, Any]]:
        """List a book, of this year unless another is named."""
        year = year or buddhist_year(SystemClock().now())
        found: list[dict[str, Any]] = self.data(
            "register", "list", "--entity", entity, "--book", book, "--year", str(year)
        )
        return found

    def original(self, ref: str) -> bytes:
        """Give a mail as the command gives it back."""
        done = self._ran(("letter", "original", ref), b"", text=False)
        done.check_returncode()
        return bytes(done.stdout)

    def accept(self, subject: str, by: str = "officer@phrae.go.th", **given: str) -> str:
        """Wait for a letter or draft of this subject, accept it as an officer, give the entry."""
        letter = self.wait(
            lambda: next((one for one in self.waiting() if one.subject == subject), None)
        )
        options = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
        return self.run("letter", "accept", letter.id, "--by", by, *options).stdout.strip()

    @contextmanager
    def serving(self, only: str = "", **environ: str) -> Iterator[None]:
        """Keep ``saraban serve`` running for the length of the block."""
        process = self.start(only, **environ)
        try:
            yield
        finally:
            self.stop(process)

    def start(self, only: str = "", **environ: str) -> "subprocess.Popen[bytes]":
        """Start the services, two roles or more, and wait until they serve."""
        note = self.folder / "run" / "serve.json"
        note.unlink(missing_ok=True)
        process = self.launch(only, **environ)
        try:
            wait_until(lambda: note.exists() or process.poll() is not None, self.log)
            assert process.poll() is None, self.log()
        except BaseException:
            process.kill()
            process.wait()
            raise
        self.read_ports()
        return process

    def launch(self, only: str, **environ: str) -> "subprocess.Popen[bytes]":
        """Start the services without waiting for them."""
        command = [sys.executable, "-m", "saraban", "serve", "--config", str(self.config)]
        with (self.folder / "serve.log").open("ab") as log:
            process = self._start(
                [*command, "--only", only] if only else command,
                env=os.environ | environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._launched.append(process)
        return process

    def end(self) -> None:
        """Kill what a failed test left running."""
        for process in self._launched:
            process.kill()
            process.wait()

    def read_ports(self) -> None:
        """Read where the services listen; a child that was started again has another port."""
        told = json.loads((self.folder / "run" / "serve.json").read_text())
        self.ports, self.pids = told["ports"], told["pids"]

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """Stop the services in order."""
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, self.log()

    def log(self) -> str:
        """What the services wrote."""
        return (self.folder / "serve.log").read_text(encoding="utf-8", errors="replace")

    def wait(self, condition: Callable[[], Any]) -> Any:
        """Wait until the condition holds and give what it gave; on failure show the log."""
        return wait_until(condition, self.log)

    def send(self, message: EmailMessage, sender: str, *recipients: str) -> None:
        """Hand a mail in at port 25."""
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"], timeout=60) as client:
            client.send_message(message, sender, list(recipients))

    def hand_in(self, raw: bytes, sender: str, *recipients: str, peer: str = "127.0.0.1") -> str:
        """Hand a mail in at port 25 byte for byte, from an address of this machine."""
        where = {"timeout": 60, "source_address": (peer, 0)}
        with smtplib.SMTP("127.0.0.1", self.ports["smtp"], **where) as client:
            client.ehlo()
            assert client.mail(sender)[0] == 250
            for recipient in recipients:
                assert client.rcpt(recipient)[0] == 250
            code, text = client.data(raw)
        return f"{code} {text.decode()}"

    def submit(self, message: EmailMessage, clerk: str, *recipients: str) -> None:
        """Send a mail as a clerk whose client signs in."""
        context = ssl.create_default_context(cafile=self.folder / "tls" / "cert.pem")
        with smtplib.SMTP("localhost", self.ports["submission"], timeout=60) as client:
            client.starttls(context=context)
            client.login(clerk, PASSWORD)
            client.send_message(message, clerk, list(recipients))


def mail(
    sender: str, to: str, subject: str, text: str = "เรียน ผู้ว่าราชการจังหวัดแพร่\n"
) -> EmailMessage:
    """Write an ordinary mail, as a clerk's client would."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = f"<{os.urandom(8).hex()}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Date"] = "Fri, 03 Oct 2025 10:42:00 +0700"
    message.set_content(text)
    return message
