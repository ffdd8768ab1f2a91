"""Clients that leave: in the middle of a letter, before its answer, or having sent their last."""

import socket

from tests.gateway.inbound.client import stuffed
from tests.servers.waiting import wait_until

LETTER = b"From: a@dla.example\r\nSubject: x\r\n\r\n.dot\r\n..\r\nend\r\n"


def test_a_client_that_leaves_in_the_middle_of_its_letter_leaves_nothing(door):
    with door.call() as client:
        client.begin()
        client.send(b"A: b\r\n\r\n" + b"x" * 100_000)
        wait_until(door.files, "the letter has begun")
    door.nothing_is_left()


def test_a_client_that_leaves_before_the_answer_changes_nothing_for_the_letter(door):
    """It gets no 250 and will send again; what is written is whole."""
    with door.call() as client:
        client.begin()
        client.send(stuffed(LETTER))
    wait_until(lambda: door.letters() or not door.files(), "the letter is whole or gone")
    assert all(letter.raw() == LETTER for letter in door.letters())


def test_a_client_that_has_sent_its_last_still_hears_the_answers(door):
    with door.call() as client:
        client.begin()
        client.send(stuffed(LETTER) + b"NOOP\r\nQUIT\r\n")
        client.socket.shutdown(socket.SHUT_WR)
        assert [client.reply()[:3] for _ in range(3)] == ["250", "250", "221"]
        assert client.hung_up()
