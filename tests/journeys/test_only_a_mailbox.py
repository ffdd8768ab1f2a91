"""An agency whose address stays where it is: letters and answers are collected from its mailbox."""

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage

import pytest

from tests.journeys.installation import Installation, mail
from tests.journeys.province import CENTRAL, CLERK, DLA, OFFICER, UNIT, Province, files_of
from tests.servers.dovecot import Dovecot, Mailbox
from tests.servers.postfix import Postfix

SERVER = "mx.phrae.go.th"


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Mailbox:
    return dovecot.add_mailbox()


@pytest.fixture
def province(
    office: Installation, dovecot: Dovecot, mailbox: Mailbox, postfix: Postfix
) -> Iterator[Province]:
    """The office opens no port: it reads the mailbox and sends by the agency's server."""
    password = office.folder / "imap.password"
    password.write_text(mailbox.password)
    office.settings(
        "collector", entity="phrae", host="127.0.0.1", port=dovecot.tls_port,
        username=mailbox.username, password_file=str(password), since="2020-01-01", poll=0.2,
        ca_file=str(dovecot.certificate.file), authserv_id=SERVER,
    )  # fmt: skip
    office.settings("relay", host="127.0.0.1", port=postfix.port, tls="none")
    with office.serving("collector,worker,mailq"):
        yield Province(office, postfix)


def delivered(message: EmailMessage, to: str) -> bytes:
    """What the mailbox's server makes of a mail that it could prove."""
    domain = message["From"].addresses[0].domain
    head = (
        f"Return-Path: <{message['From'].addresses[0].addr_spec}>\r\nDelivered-To: {to}\r\n"
        f"Authentication-Results: {SERVER}; dkim=pass header.d={domain}\r\n"
    )
    return head.encode() + message.as_bytes(policy=policy.SMTP)


def test_a_letter_in_the_mailbox_is_answered_from_its_copy_although_no_port_is_open(
    province: Province, mailbox: Mailbox
):
    subject = "ขอทราบข้อมูลผู้สูงอายุ"
    mailbox.deliver(delivered(mail(DLA, CENTRAL, subject), CENTRAL))
    theirs, copy = province.entry("received", subject), province.mail(UNIT, subject)
    back = str(copy["Reply-To"])
    answer = mail(CLERK, back, f"Re: {copy['Subject']}", "เรียน อธิบดี\n\nขอส่งข้อมูล\n")
    answer["In-Reply-To"] = copy["Message-ID"]
    answer.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="ข.pdf")
    mailbox.deliver(delivered(answer, back))
    entry_id = province.office.accept(subject, OFFICER)
    ours = province.entry("sent", subject)
    assert ours.id == entry_id
    assert [(one.relation, one.entry) for one in ours.links] == [("answers", theirs.id)]
    assert "ข.pdf" in files_of(province.mail(DLA, "ขอส่งข้อมูล"))
    assert [one.number for one in province.office.entries("received")] == [1]


def test_somebody_who_writes_the_name_of_our_clerk_into_a_mail_is_not_believed(
    province: Province, mailbox: Mailbox
):
    forged = mail(CLERK, "saraban+dla@phrae.go.th", "ปลอม")
    raw = delivered(forged, CENTRAL).replace(b"dkim=pass", b"dkim=fail")
    mailbox.deliver(raw)
    [waiting] = province.office.wait(province.office.waiting)
    assert (waiting.direction, "ปลอม" in waiting.why_waiting) == ("in", True)
