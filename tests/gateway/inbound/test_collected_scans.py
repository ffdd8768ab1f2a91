"""A collected mail is shown to the scanner too: a virus stays in the mailbox, a doubt withholds."""

from dataclasses import replace

import pytest

from gateway.settings import ScanSettings
from registry import letters
from tests.gateway.inbound.agency import mail
from tests.servers.clamd import EICAR


@pytest.fixture
def box(agency):
    """Open a mailbox whose mail is shown to this scanner."""

    def at(address):
        made = agency()
        made.runtime.gateway = replace(made.runtime.gateway, scan=ScanSettings(clamd=address))
        return made

    return at


def test_a_mail_with_a_virus_takes_no_number_and_the_next_one_does(box, clamd):
    collected = box(clamd.address)
    collected.mailbox.deliver(mail() + b"\r\n" + EICAR + b"\r\n")
    collected.mailbox.deliver(mail("อีกฉบับ"))
    collected.round()
    assert collected.numbers() == [1]
    assert any("ไวรัส" in one.detail for one in collected.seen())


def test_a_mail_that_was_not_scanned_is_registered_with_its_files_withheld(box, free_port):
    collected = box(f"127.0.0.1:{free_port()}")
    collected.mailbox.deliver(mail(size=2000))
    collected.round()
    assert collected.numbers() == [1]
    with collected.runtime.database.read() as session:
        [held] = letters.withheld(session)
    assert held.scan == "not_scanned"
    assert all(file.withheld for file in held.enclosures)
