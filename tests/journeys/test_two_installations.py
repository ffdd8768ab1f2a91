"""Two installations of this system write to each other, each behind the same plain Postfix."""

from collections.abc import Iterator

import pytest

from registry.letter.delivery import Delivery
from saraban.installing import FirstEntity
from tests.journeys.installation import Installation, mail
from tests.servers import postfix as postfix_server
from tests.servers import running
from tests.servers.ports import free_port

PHRAE = ("phrae", "จังหวัดแพร่", "phrae.go.th", "พร ๐๐๒๓")
NAN = ("nan", "จังหวัดน่าน", "nan.go.th", "นน ๐๐๒๓")
CLERK = "somjai@phrae.go.th"


@pytest.fixture(scope="module")
def provinces(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Installation, Installation]]:
    """Phrae and Nan; each has the other in its directory."""
    server = postfix_server.start(recipient_delimiter="+")
    made = []
    for own, other in ((PHRAE, NAN), (NAN, PHRAE)):
        folder = tmp_path_factory.mktemp(own[0]) / "office"
        office = Installation(folder, f"mail.{own[2]}", FirstEntity(*own))
        office.add_entity(*other)
        port = free_port()
        office.settings("smtp", listen=f"127.0.0.1:{port}")
        office.settings("relay", host="127.0.0.1", port=server.port, tls="none")
        server.route(f"saraban@{own[2]}", port)
        made.append(office)
    phrae, nan = made
    phrae.add_officer(CLERK)
    only = "smtp,submission,worker,mailq"
    with phrae.serving(only), nan.serving(only):
        yield phrae, nan
    running.end(server.folder)


def test_our_letter_bears_their_receive_number_and_nobody_answers_an_acknowledgement(
    provinces: tuple[Installation, Installation],
):
    phrae, nan = provinces
    message = mail(CLERK, "saraban@nan.go.th", "ขอความร่วมมือประชาสัมพันธ์")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="ก.pdf")
    phrae.submit(message, CLERK, "saraban@nan.go.th")
    phrae.wait(lambda: [one for one in deliveries(phrae) if one.state == "registered"])
    [theirs], [ours] = nan.entries("received", "nan"), phrae.entries("sent")
    [delivery] = ours.deliveries
    assert delivery.remote_number == f"{theirs.number}/{theirs.year}"
    assert (theirs.letter_number, theirs.dated) == (ours.letter_number, ours.dated)
    assert theirs.from_text == "จังหวัดแพร่"
    # The receipt was worked on in one transaction: an answer to it would be queued by now.
    assert [job.kind for job in nan.jobs()] == ["acknowledgement"]
    assert sorted(job.kind for job in phrae.jobs()) == ["letter", "notice"]
    assert phrae.entries("received") == nan.entries("sent", "nan") == []
    assert phrae.waiting() == nan.waiting("nan") == []


def deliveries(office: Installation) -> list[Delivery]:
    return [delivery for entry in office.entries("sent") for delivery in entry.deliveries]
