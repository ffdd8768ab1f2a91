"""A letter written by command goes the way of one written on the page."""

from tests.saraban.office import CLERK, DLA, OFFICER

LETTER = ("letter", "compose", "--subject", "ขอเชิญประชุม", "--to", "dla")


def sent(office):
    return office.data("register", "list", "--book", "sent")


def test_an_officer_sends_at_once(office):
    told = office.data(*LETTER, "--text", "ขอเชิญ", "--send", "--by", OFFICER)
    [entry] = sent(office)
    assert (told["entry"], told["number"], told["state"]) == (entry["id"], 1, "sent")
    assert (entry["subject"], entry["deliveries"][0]["to"]) == ("ขอเชิญประชุม", DLA)


def test_a_clerk_leaves_it_to_an_officer(office):
    done = office.run(*LETTER, "--text", "ขอเชิญ", "--send", "--by", CLERK)
    assert "รอออกเลข" in done.stderr
    assert sent(office) == []
    draft = done.stdout.strip()
    office.run("letter", "accept", draft, "--by", OFFICER)
    assert [] == []
    assert len(sent(office)) == 1


def test_text_and_files_come_from_this_machine(office, tmp_path):
    text, paper = tmp_path / "text.txt", tmp_path / "หนังสือ.pdf"
    text.write_text("ตามที่แจ้งแล้วนั้น", encoding="utf-8")
    paper.write_bytes(b"%PDF-1.7 a letter")
    office.run(
        *LETTER, "--text-file", str(text), "--file", str(paper), "--urgency", "ด่วน",
        "--due", "๓ ตุลาคม ๒๕๙๙", "--cites", "หนังสือกรม ที่ มท ๐๘๑๐/๑", "--send", "--by", OFFICER,
    )  # fmt: skip
    [entry] = sent(office)
    assert [one["name"] for one in entry["enclosures"]] == ["หนังสือ.pdf"]
    assert (entry["urgency"], entry["due"][:10]) == ("ด่วน", "2056-10-03")
    runtime = office.runtime()
    assert runtime.blobs.path(entry["enclosures"][0]["sha256"]).read_bytes() == paper.read_bytes()
    runtime.close()


def test_it_bears_a_number_that_was_reserved_and_answers_a_letter(office):
    office.receive()
    answered = office.received()[0]
    slip = office.run("number", "reserve", "--by", OFFICER).stdout.strip()
    place = f"รับ/{answered['number']}/{answered['year']}"
    office.run(*LETTER, "--text", "ตอบ", "--number", slip, "--answers", place, "--send",
               "--by", OFFICER)  # fmt: skip
    [entry] = sent(office)
    assert (entry["id"], entry["state"]) == (slip, "registered")
    assert {"answers"} == {one["relation"] for one in entry["links"]}


def test_what_cannot_be_sent_is_told(office):
    for command, code in (
        ((*LETTER, "--by", OFFICER), 2),  # says nothing
        ((*LETTER, "--text", "ก", "--to", "nobody-there", "--by", OFFICER), 2),
        ((*LETTER, "--text", "ก", "--by", "stranger@example.com"), 1),
        ((*LETTER, "--text", "ก", "--unit", "nowhere", "--by", OFFICER), 1),
        (("letter", "compose", "--subject", "ก", "--text", "ก", "--by", OFFICER), 2),
    ):
        office.run(*command, code=code)
    assert sent(office) == []
