"""The servers of the tests do what the tests expect of them."""

import psycopg
import pytest
from imapclient import IMAPClient
from sqlalchemy import select

from registry.models.evidence import CursorRow
from tests.servers import postfix as postfix_server
from tests.servers import running

MAIL = b"Subject: hello\r\n\r\nhello\r\n"


def test_postfix_keeps_mail_for_whoever_it_is_addressed_to(postfix):
    postfix.send("a@here.example", ["Clerk@keeps.example"], MAIL)
    assert b"\n\nhello" in postfix.wait_for("clerk@keeps.example")[0]
    assert postfix.letters("other@keeps.example") == []


def test_postfix_relays_the_domains_that_have_a_route(postfix):
    other = postfix_server.start()
    postfix.route("routed.example", other.port)
    postfix.send("a@here.example", ["clerk@routed.example"], MAIL)
    other.wait_for("clerk@routed.example")
    running.end(other.folder)
    assert postfix.letters("clerk@routed.example") == []


def test_dovecot_serves_what_was_delivered(dovecot):
    box = dovecot.add_mailbox()
    box.deliver(MAIL)
    with IMAPClient(dovecot.host, port=dovecot.port, ssl=False) as client:
        client.login(box.username, box.password)
        assert client.select_folder("INBOX")[b"EXISTS"] == 1
        assert client.fetch([1], ["RFC822"])[1][b"RFC822"] == MAIL


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_has_tables_of_its_own(database, time):
    """What one test commits, the next one does not see."""
    with database.write() as session:
        assert session.scalars(select(CursorRow)).all() == []
        session.add(CursorRow(account="a", folder="INBOX", uidvalidity=1, last_uid=1))


def test_postgresql_knows_thai_letters(postgres_url):
    """In a database of locale C, pg_trgm would see none of them."""
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT 'ก' ~ '[[:alpha:]]'").fetchone() == (True,)


def test_a_database_that_a_test_has_altered_is_not_lent_again(postgres, postgres_databases):
    altered = postgres_databases.borrow()
    with psycopg.connect(postgres.url(altered)) as connection:
        connection.execute("ALTER TABLE cursor ADD COLUMN more text")
    postgres_databases.give_back(altered)
    assert postgres_databases.borrow() != altered
