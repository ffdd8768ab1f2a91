"""Letters and a real ClamAV: what carries a virus is refused, what could not be scanned waits."""

from email.message import EmailMessage
from smtplib import SMTPDataError

import pytest

from tests.journeys.installation import Installation, mail
from tests.journeys.neighbour import Neighbour
from tests.servers import clamd, running
from tests.servers.ports import free_port

DLA, PHRAE, BOX = "saraban@dla.go.th", "saraban@phrae.go.th", "local@phrae.go.th"
ROLES = "smtp,worker,mailq"


def letter(subject: str, content: bytes = b"%PDF-1.7 x") -> EmailMessage:
    message = mail(DLA, PHRAE, subject)
    message.add_attachment(content, maintype="application", subtype="pdf", filename="ก.pdf")
    return message


def test_a_letter_that_came_while_the_scanner_was_away_gets_its_files_when_it_is_back(
    office: Installation,
):
    """It has its number at once; the unit's copy comes without files, then once more with them."""
    scanner, relay = free_port(), free_port()
    office.settings("scan", clamd=f"127.0.0.1:{scanner}")
    office.settings("relay", host="127.0.0.1", port=relay, tls="none")
    with Neighbour(relay) as neighbour:
        with office.serving(ROLES):
            office.send(letter("ระหว่างตรวจไม่ได้"), DLA, PHRAE)
            office.wait(lambda: neighbour.of(BOX))
        [first] = neighbour.of(BOX)
        assert list(first.iter_attachments()) == []
        assert "ไฟล์แนบยังไม่ผ่านการตรวจไวรัส" in first.get_body(("plain",)).get_content()
        server = clamd.start(port=scanner)
        with office.serving(ROLES):
            office.wait(lambda: len(neighbour.of(BOX)) == 2)
            with pytest.raises(SMTPDataError, match="A virus was found"):
                office.send(letter("มีไวรัส", clamd.EICAR), DLA, PHRAE)
            office.send(letter("ฉบับต่อไป"), DLA, PHRAE)
            office.wait(lambda: len(neighbour.of(BOX)) == 3)
        running.end(server.folder)
    again, following = neighbour.of(BOX)[1:]
    for copy in (again, following):
        assert [part.get_filename() for part in copy.iter_attachments()] == ["ก.pdf"]
    assert [entry.number for entry in office.entries("received")] == [1, 2]
    assert office.run("proof").returncode == 0
