"""Bringing an answer back to the entry that it answers, and saying how sure that is."""

from datetime import date

import pytest

from registry.desk.tie import tie, untie
from registry.errors import NotAllowed, NotFound
from registry.letter.message import Means, Trust
from registry.models.letters import LetterRow
from registry.tokens import reply_tag
from tests.registry.desk.conftest import CLERK, DLA, NOBODY, OFFICER, PHRAE, TOWN, House, Mails, pdf


def token_address(house: House, entry_id: str) -> str:
    return f"saraban+{reply_tag(house.desk.keys, entry_id)}@phrae.example"


def test_the_addressees_answer_to_the_token_address_is_linked(house: House, mail: Mails):
    sent = house.sent()
    outcome = house.one(mail(recipients=(token_address(house, sent.id),), parts=[pdf()]))

    (link,) = house.entry(outcome.entry_id).links
    assert (link.relation, link.entry, link.how, link.confirmed) == (
        "answers",
        sent.id,
        "token",
        True,
    )
    (back,) = house.entry(sent.id).links
    assert back.relation == "answered_by"


def test_an_answer_by_references_of_the_addressee_is_linked(house: House, mail: Mails):
    sent = house.sent()
    outcome = house.one(mail(references=("<other@x>", sent.message_id), parts=[pdf()]))

    (link,) = house.entry(outcome.entry_id).links
    assert (link.how, link.confirmed) == ("references", True)


def test_a_token_in_any_case_of_letters_is_read(house: House, mail: Mails):
    sent = house.sent()
    outcome = house.one(mail(recipients=(token_address(house, sent.id).upper(),), parts=[pdf()]))

    assert house.entry(outcome.entry_id).links[0].confirmed


def test_a_token_in_the_subject_serves_mailboxes_without_tags(house: House, mail: Mails):
    sent = house.sent()
    tag = reply_tag(house.desk.keys, sent.id)
    outcome = house.one(mail(subject=f"Re: รายงานผล [{tag}]", parts=[pdf()]))

    (link,) = house.entry(outcome.entry_id).links
    assert (link.how, link.confirmed) == ("token", True)


def test_a_token_used_by_somebody_else_only_suggests(house: House, mail: Mails):
    """An answer may be forwarded; who has the address is not who we wrote to."""
    sent = house.sent(to=[DLA])
    trust = Trust(Means.DKIM, domain="town.example")
    message = mail(
        sender=TOWN, trust=trust, recipients=(token_address(house, sent.id),), parts=[pdf()]
    )

    (link,) = house.entry(house.one(message).entry_id).links
    assert (link.how, link.confirmed, link.score) == ("token", False, 70)


def test_a_forged_token_means_nothing(house: House, mail: Mails):
    """The right id under a MAC that we did not make."""
    tag = reply_tag(house.desk.keys, house.sent().id)
    forged = tag[:-1] + ("a" if tag[-1] != "a" else "b")
    outcome = house.one(mail(recipients=(f"saraban+{forged}@phrae.example",), parts=[pdf()]))

    assert house.entry(outcome.entry_id).links == ()


def test_a_token_of_another_entity_means_nothing_here(house: House, mail: Mails):
    sent = house.sent()
    tag = reply_tag(house.desk.keys, sent.id)
    outcome = house.one(mail(recipients=(f"saraban+{tag}@town.example",), parts=[pdf()]))

    assert house.entry(outcome.entry_id).links == ()


def test_a_citation_of_number_and_date_is_a_suggestion(house: House, mail: Mails):
    sent = house.sent(number="พร 0023.3/41", dated=date(2025, 9, 30))
    text = "เรียน ผู้ว่าฯ\n\nอ้างถึง หนังสือจังหวัดแพร่ ที่ พร ๐๐๒๓.๓/๔๑ ลงวันที่ ๓๐ กันยายน ๒๕๖๘\n\nด้วย"
    entry = house.entry(house.one(mail(text=text, parts=[pdf()])).entry_id)

    (link,) = entry.links
    assert (link.relation, link.how, link.score, link.confirmed) == ("answers", "cited", 85, False)
    (reference,) = entry.references
    assert (reference.entity, reference.entry) == ("จังหวัดแพร่", sent.id)


def test_a_citation_of_another_date_is_none(house: House, mail: Mails):
    house.sent(number="พร 0023.3/41", dated=date(2025, 9, 30))
    text = "อ้างถึง หนังสือจังหวัดแพร่ ที่ พร 0023.3/41 ลงวันที่ 30 กันยายน 2567\n\nด้วย"
    entry = house.entry(house.one(mail(text=text, parts=[pdf()])).entry_id)

    assert entry.links == ()
    assert entry.references[0].entry is None


def test_a_number_in_the_subject_of_an_answer_suggests_weakly(house: House, mail: Mails):
    house.sent(number="พร 0023.3/41")
    entry = house.entry(
        house.one(mail(subject="Re: ที่ พร 0023.3/41 เรื่องรายงาน", parts=[pdf()])).entry_id
    )

    (link,) = entry.links
    assert (link.how, link.score, link.confirmed) == ("subject", 40, False)


def test_signals_are_kept_while_a_letter_waits(house: House, mail: Mails):
    sent = house.sent()
    message = mail(trust=NOBODY, recipients=(token_address(house, sent.id),), parts=[pdf()])
    letter = house.letter(house.one(message).letter_id)

    ((entry_id, how, _score, certain, why),) = letter.facts["signals"]
    assert (entry_id, how, certain) == (sent.id, "token", False)
    assert "ที่อยู่เฉพาะ" in why


def test_a_certain_answer_reports_at_its_delivery(house: House, mail: Mails, clock):
    sent = house.sent()
    house.one(mail(recipients=(token_address(house, sent.id),), parts=[pdf()]))

    (delivery,) = house.entry(sent.id).deliveries
    assert delivery.reported_at == clock.now()


def test_a_suggestion_reports_nothing(house: House, mail: Mails):
    sent = house.sent(number="พร 0023.3/41")
    house.one(mail(subject="Re: ที่ พร 0023.3/41", parts=[pdf()]))

    assert house.entry(sent.id).deliveries[0].reported_at is None


def test_unlinking_undoes_what_was_linked_by_itself(house: House, mail: Mails, clock):
    sent = house.sent()
    outcome = house.one(mail(recipients=(token_address(house, sent.id),), parts=[pdf()]))
    assert outcome.entry_id is not None
    with house.database.write() as session:
        assert untie(session, house.desk, outcome.entry_id, sent.id, None, OFFICER) == 1

    assert house.entry(outcome.entry_id).links == ()
    assert house.entry(sent.id).links == ()
    assert house.entry(sent.id).deliveries[0].reported_at is None


def test_an_officer_confirms_a_suggestion(house: House, mail: Mails, clock):
    sent = house.sent(number="พร 0023.3/41")
    outcome = house.one(mail(subject="Re: ที่ พร 0023.3/41", parts=[pdf()]))
    assert outcome.entry_id is not None
    with house.database.write() as session:
        tie(session, house.desk, outcome.entry_id, sent.id, "answers", OFFICER)

    (link,) = house.entry(outcome.entry_id).links
    assert (link.how, link.confirmed) == ("officer", True)
    assert house.entry(sent.id).deliveries[0].reported_at == clock.now()


def test_undoing_one_of_two_answers_leaves_the_report(house: House, mail: Mails):
    sent = house.sent()
    address = token_address(house, sent.id)
    first, _second = (
        house.one(mail(recipients=(address,), parts=[pdf(content=text)])) for text in "ab"
    )
    assert first.entry_id is not None
    with house.database.write() as session:
        untie(session, house.desk, first.entry_id, sent.id, "answers", OFFICER)

    assert house.entry(sent.id).deliveries[0].reported_at is not None


@pytest.mark.parametrize("by", [CLERK, "nobody@phrae.example"])
def test_only_an_officer_joins_and_undoes(house: House, mail: Mails, by):
    sent = house.sent()
    outcome = house.one(mail(recipients=(token_address(house, sent.id),), parts=[pdf()]))
    assert outcome.entry_id is not None
    for act in (tie, untie):
        with pytest.raises(NotAllowed), house.database.write() as session:
            act(session, house.desk, outcome.entry_id, sent.id, "answers", by)

    with pytest.raises(NotFound), house.database.write() as session:
        tie(session, house.desk, "a" * 16, sent.id, "answers", OFFICER)


def test_the_letters_own_message_id_is_known_for_later_answers(house: House, mail: Mails):
    first = house.one(mail(message_id="<first@dla.example>", parts=[pdf()]))
    second = house.one(mail(references=("<first@dla.example>",), parts=[pdf(content="more")]))

    (link,) = house.entry(second.entry_id).links
    assert (link.relation, link.entry, link.confirmed) == ("cites", first.entry_id, False)


@pytest.mark.parametrize("recipient", [PHRAE, "saraban+local@phrae.example"])
def test_the_states_of_rows_are_those_of_the_reconciliation(house: House, mail: Mails, recipient):
    house.one(mail(recipients=(recipient,), parts=[pdf()]))

    assert [row.state for row in house.rows(LetterRow)] == ["registered"]
