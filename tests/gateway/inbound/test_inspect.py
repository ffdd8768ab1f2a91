"""What the door does with a letter that carries a virus, or a file that is not taken here."""

import base64
import binascii
import io
import logging
import threading
import zipfile
from dataclasses import replace
from email.message import EmailMessage

import pytest

from gateway.inbound import looker
from gateway.settings import ScanSettings
from registry.settings import AttachmentSettings
from tests.gateway.inbound.test_clamd import PART, PLAIN, peer, swallow
from tests.gateway.inbound.tnef_writer import attachment, message
from tests.servers.clamd import EICAR, NAME

PROGRAM = b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0\x4c\x01" + bytes(300)
WINMAIL = message(attachment(b"run.exe", PROGRAM))
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"x" * 100


def mail(content, name, claimed="application/octet-stream"):
    """A letter with one file."""
    message = EmailMessage()
    message["From"], message["Subject"] = "a@dla.example", "x"
    message.set_content("hello")
    kind, _, sub = claimed.partition("/")
    message.add_attachment(content, maintype=kind, subtype=sub, filename=name)
    return message.as_bytes().replace(b"\n", b"\r\n")


def zipped(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return made.getvalue()


@pytest.fixture
def scanning(runtime, open_door, clamd):
    """Open doors that show letters to a scanner."""

    def open_one(address=clamd.address, **settings):
        scan = ScanSettings(clamd=address, **settings)
        runtime.gateway = replace(runtime.gateway, scan=scan)
        return open_door()

    return open_one


@pytest.fixture
def strict(runtime, open_door):
    """Open doors that do not take these types."""

    def open_one(*types):
        attachments = AttachmentSettings(forbidden_types=types)
        runtime.office = replace(runtime.office, attachments=attachments)
        return open_door()

    return open_one


def test_an_infected_letter_is_refused_and_named_in_the_log_alone(scanning, caplog):
    caplog.set_level(logging.INFO)
    door = scanning()
    with door.call() as client:
        refused = client.mail(PART + base64.encodebytes(EICAR))
        assert client.mail(PLAIN).startswith("250 ")  # the next letter, on the same line
    assert refused.startswith("554 5.7.1 A virus was found in this letter;")
    assert NAME not in refused
    assert len([one for one in caplog.messages if NAME in one]) == 1
    assert door.only_letter().envelope.scan == "clean"


def test_a_client_that_reads_thai_hears_of_the_virus_in_thai(scanning):
    with scanning().call() as client:
        client.say("MAIL FROM:<a@dla.example> SMTPUTF8")
        client.say("RCPT TO:<saraban@phrae.example>")
        client.say("DATA")
        client.send(PLAIN + EICAR + b"\r\n.\r\n")
        assert "พบไวรัส" in client.reply()


def test_an_infected_letter_leaves_nothing_in_the_spool(scanning):
    door = scanning()
    with door.call() as client:
        client.mail(PLAIN + EICAR)
    door.nothing_is_left()


def test_a_letter_is_kept_and_marked_when_the_scanner_is_away(scanning, free_port):
    door = scanning(f"127.0.0.1:{free_port()}")
    with door.call() as client:
        assert client.mail(PLAIN).startswith("250 ")
    envelope = door.only_letter().envelope
    assert envelope.scan == "not_scanned"
    assert envelope.scan_detail == "the scanner is away: ConnectionRefusedError"


def test_a_letter_too_big_for_the_scanner_is_kept_and_marked(scanning):
    door = scanning(max_bytes=10)
    with door.call() as client:
        assert client.mail(PLAIN + EICAR).startswith("250 ")
    assert door.only_letter().envelope.scan_detail == "final: too big for the scanner"


def test_other_sessions_go_on_while_the_scanner_hangs(scanning):
    """One letter waits for its verdict; whoever says EHLO beside it is answered."""
    reached, end = threading.Event(), threading.Event()

    def hang(connection):
        swallow(connection)
        reached.set()
        end.wait(30)

    with peer(hang) as address:
        door = scanning(address)
        with door.call() as waiting, door.call() as other:
            waiting.begin()
            waiting.send(PLAIN + b".\r\n")
            assert reached.wait(30)
            assert other.say("NOOP").startswith("250 ")
            assert door.letters() == []
            end.set()
            assert waiting.reply().startswith("250 ")
    assert door.only_letter().envelope.scan == "not_scanned"


def test_no_more_letters_are_at_the_scanner_at_once_than_set(scanning):
    now, most, lock = [0], [0], threading.Lock()
    connections = threading.Semaphore(0)

    def count(connection):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        connections.release()
        swallow(connection)
        connection.sendall(b"stream: OK\0")
        with lock:
            now[0] -= 1

    with peer(count) as address:
        door = scanning(address, connections=1)
        clients = [door.call() for _ in range(4)]
        for client in clients:
            client.begin()
            client.send(PLAIN + b".\r\n")
        assert all(client.reply().startswith("250 ") for client in clients)
        for client in clients:
            client.socket.close()
    assert (most[0], len(door.letters())) == (1, 4)


def test_nothing_is_said_of_scanning_where_no_scanner_is_set(door):
    with door.call() as client:
        assert client.mail(PLAIN + EICAR).startswith("250 ")
    assert door.only_letter().envelope.scan == ""


@pytest.mark.parametrize(
    ("content", "name", "types", "kind"),
    [
        (PROGRAM, "report.pdf", "application/x-dosexec", "application/x-dosexec"),
        (PROGRAM, "report.pdf", "application/x-msdownload", "application/x-dosexec"),
        (b"hello", "setup.EXE", ".exe", ".exe"),
        (b"hello", "setup.exe. ", ".exe", ".exe"),
        (b"\0\0\0\x18ftypmp42" + bytes(30), "x.bin", "video/*", "video/mp4"),
        (zipped("a.txt", "b/run.js"), "x.zip", ".js", ".js"),
        (WINMAIL, "winmail.dat", ".exe", ".exe"),
        (WINMAIL, "winmail.dat", "application/x-dosexec", "application/x-dosexec"),
    ],
    ids=["bytes", "alias", "name", "dots", "group", "in a zip", "winmail name", "winmail bytes"],
)
def test_a_file_of_a_forbidden_type_is_refused_by_name_of_the_type(
    strict, content, name, types, kind
):
    door = strict("application/x-never", types)
    with door.call() as client:
        refused = client.mail(mail(content, name, "application/pdf"))
        assert client.mail(mail(PDF, "report.pdf", "application/pdf")).startswith("250 ")
    assert refused.startswith(f"550 5.7.1 Files of the type {kind} are not taken here;")
    assert len(door.letters()) == 1


def test_a_claimed_type_that_is_forbidden_is_refused_whatever_the_bytes(strict):
    with strict("application/x-dosexec").call() as client:
        assert client.mail(mail(b"hi", "x.bin", "application/x-dosexec")).startswith("550 5.7.1 ")


@pytest.mark.parametrize(
    ("types", "kind"),
    [(".exe", ".exe"), ("application/x-dosexec", "application/x-dosexec")],
)
def test_a_file_uuencoded_in_the_text_is_seen(strict, types, kind):
    lines = [binascii.b2a_uu(PROGRAM[at : at + 45]) for at in range(0, len(PROGRAM), 45)]
    encoded = b"".join(lines).replace(b"\n", b"\r\n")
    with strict(types).call() as client:
        refused = client.mail(
            b"From: a@dla.example\r\n\r\nhello\r\nbegin 644 run.exe\r\n" + encoded + b"`\r\nend\r\n"
        )
    assert refused.startswith(f"550 5.7.1 Files of the type {kind} ")


def test_a_mail_that_cannot_be_looked_at_is_kept_and_its_files_withheld(strict, monkeypatch):
    """The helper dies over it; the next letter has a new one."""
    door = strict("application/x-dosexec")
    with door.call() as client:
        client.mail(mail(PDF, "a.pdf"))
        with monkeypatch.context() as short:
            short.setattr(looker, "PATIENCE", 0.0)
            assert client.mail(mail(PROGRAM, "b.pdf")).startswith("250 ")
        assert client.mail(mail(PROGRAM, "c.pdf")).startswith("550 ")
    assert sorted(one.envelope.scan for one in door.letters()) == ["", "not_scanned"]


def test_a_zip_that_cannot_be_read_is_taken(strict):
    door = strict(".exe")
    with door.call() as client:
        broken = zipped("a.txt")[:-10]
        assert client.mail(mail(broken, "x.zip", "application/zip")).startswith("250 ")


def test_a_mail_of_thousands_of_parts_is_judged_and_the_next_one_too(strict):
    part = b"--b\r\nContent-Type: application/pdf; name=x.pdf\r\n\r\nhello\r\n"
    head = b"From: a@dla.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    door = strict("application/x-dosexec")
    with door.call() as client:
        assert client.mail(head + part * 3000 + b"--b--\r\n").startswith("250 ")
        assert client.mail(mail(PROGRAM, "x.pdf")).startswith("550 ")
    assert door.only_letter().envelope.scan == ""
