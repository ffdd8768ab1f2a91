"""Legal entities by command: added, listed, shown, imported, grouped."""


def test_a_new_entity_has_the_domain_of_its_address_and_thai_digits_on_screen(office):
    office.add_town()
    shown = office.run("entity", "show", "town").stdout
    assert "พร ๕๒๐๐๑" in shown
    assert "town.go.th" in shown


def test_the_list_as_json_is_an_array_of_whole_entities(office):
    found = {one["code"]: one for one in office.data("entity", "list")}
    assert found["phrae"]["hosted"] is True
    assert found["dla"]["letter_code"] == "มท 0810"


def test_a_taken_code_is_refused_and_nothing_changed(office):
    office.run(
        "entity", "add", "dla", "--name", "อีกกรม", "--address", "saraban@other.go.th", code=1
    )
    assert len(office.data("entity", "list")) == 2


def test_a_bad_letter_code_is_wrong_usage(office):
    office.run(
        "entity", "add", "x", "--name", "ก", "--address", "s@x.go.th", "--letter-code", "???",
        code=2,
    )  # fmt: skip


def test_a_file_of_agencies_is_brought_in_whole_or_not_at_all(office, tmp_path):
    file = tmp_path / "agencies.csv"
    head = "code,name,address,letter_code\n"
    file.write_text(f"{head}pao,อบจ.แพร่,saraban@pao.go.th,พร ๕๑๐๐๑\n", encoding="utf-8-sig")
    assert "เพิ่ม ๑" in office.run("entity", "import", str(file)).stderr
    file.write_text(f"{head}a,ก,saraban@a.go.th,\nb,ข,not an address,\n", encoding="utf-8")
    assert "บรรทัด" in office.run("entity", "import", str(file), code=2).stderr
    assert [one["code"] for one in office.data("entity", "list")] == ["dla", "pao", "phrae"]


def test_a_group_names_entities_and_own_units(office):
    office.run("entity", "group", "all", "--name", "ทุกแห่ง", "--member", "dla", "--member", "local")
    [group] = office.data("entity", "show", "phrae")["groups"]
    assert group == {"code": "all", "name": "ทุกแห่ง", "members": ["dla", "local"]}


def test_a_group_with_an_unknown_member_is_not_made(office):
    office.run("entity", "group", "all", "--member", "nobody", code=1)
    assert office.data("entity", "show", "phrae")["groups"] == []


def test_with_several_hosted_entities_the_choice_must_be_made_and_the_codes_are_told(office):
    office.add_town()
    done = office.run("unit", "list", code=2)
    assert "--entity: phrae town" in done.stderr


def test_a_code_that_is_not_hosted_is_not_found_and_those_that_are_are_told(office):
    assert "phrae" in office.run("unit", "list", "--entity", "dla", code=1).stderr
