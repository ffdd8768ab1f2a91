"""The dialogue of init, on a real terminal, down to a mail that goes out and comes back."""

import codecs
import os
import pty
import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.saraban.office import Office
from tests.servers.waiting import wait_until


class Terminal:
    """A person at a terminal who runs a command and answers its questions."""

    def __init__(self, *command: str, **environ: str) -> None:
        self._ours, theirs = pty.openpty()
        self.said = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a letter may come in two
        self.process = subprocess.Popen(
            [sys.executable, "-m", "saraban", *command],
            stdin=theirs, stdout=theirs, stderr=theirs, env=os.environ | environ,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        os.set_blocking(self._ours, False)

    def answer(self, question: str, answer: str) -> None:
        """Wait for the question and type the answer."""
        wait_until(lambda: self._hear() and question in self.said, self._story, seconds=120)
        self.said = self.said.partition(question)[2]
        os.write(self._ours, f"{answer}\n".encode())

    def end(self) -> str:
        """Wait until the command ends and give what it said last."""
        wait_until(
            lambda: self._hear() and self.process.poll() is not None, self._story, seconds=120
        )
        self._hear()  # what it said between the last look and its end
        os.close(self._ours)
        return self.said

    def _hear(self) -> bool:
        try:
            while block := os.read(self._ours, 4096):
                self.said += self._decoder.decode(block)
        except (BlockingIOError, OSError):
            pass
        return True

    def _story(self) -> str:
        return f"{self.said!r}, exit {self.process.poll()}"


@pytest.fixture
def terminal():
    """Start commands on terminals; none outlives the test."""
    started: list[Terminal] = []

    def start(*command: str, **environ: str) -> Terminal:
        started.append(Terminal(*command, **environ))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()


def tell(terminal: Terminal, answers: Iterable[tuple[str, str]]) -> None:
    for question, answer in answers:
        terminal.answer(question, answer)


TRIP = (
    ("รหัสย่อ", "trip"),
    ("ชื่อหน่วยงาน", "จังหวัดทดลอง"),
    ("โดเมนอีเมล", "trip.example"),
    ("รหัสหนังสือ", "ทล ๐๐๒๓"),
)


def test_the_dialogue_makes_an_office_with_its_officer(terminal, tmp_path):
    asked = terminal("init", str(tmp_path / "office"))
    tell(asked, [*TRIP, ("เจ้าหน้าที่สารบรรณ", "officer@trip.example"), ("รหัสผ่าน", "long enough")])
    asked.answer("relay", "")
    assert "ติดตั้งแล้วที่" in asked.end()
    office = Office(tmp_path / "office" / "saraban.toml")
    assert office.data("entity", "show", "trip")["letter_code"] == "ทล 0023"
    assert [one["role"] for one in office.data("officer", "list")] == ["officer"]


def test_an_answer_that_cannot_be_is_asked_for_again(terminal, tmp_path):
    asked = terminal("init", str(tmp_path / "office"))
    tell(asked, [*TRIP[:3], ("รหัสหนังสือ", "???")])
    tell(asked, [("โปรดตอบใหม่", TRIP[0][1]), *TRIP[1:]])
    tell(asked, [("เจ้าหน้าที่สารบรรณ", "officer@trip.example"), ("รหัสผ่าน", "short")])
    tell(asked, [("8 ถึง 256", ""), ("relay", "")])
    assert "ติดตั้งแล้วที่" in asked.end()
    office = Office(tmp_path / "office" / "saraban.toml")
    assert office.data("officer", "list") == []


def test_the_dialogue_ends_in_a_mail_that_comes_back(terminal, tmp_path, postfix, free_port):
    door = free_port()
    postfix.route("trip.example", door)
    asked = terminal(
        "init", str(tmp_path / "office"), SARABAN__SMTP__LISTEN=f"127.0.0.1:{door}",
        SARABAN__SUBMISSION__LISTEN="127.0.0.1:0", SARABAN__LINKS__LISTEN="127.0.0.1:0",
    )  # fmt: skip
    tell(asked, [*TRIP, ("เจ้าหน้าที่สารบรรณ", ""), ("relay", "127.0.0.1")])
    tell(asked, [("พอร์ต", str(postfix.port)), ("การเข้ารหัส", "none"), ("ชื่อผู้ใช้", "")])
    asked.answer("ทดลองส่งจดหมายถึงตัวเอง", "y")
    said = asked.end()
    assert "ดี  จดหมายถึง saraban@trip.example แบบ + กลับมาถึงระบบ" in said
    assert asked.process.returncode == 0
