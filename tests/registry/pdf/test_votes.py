"""Of several readings of a line the one is believed that others confirm, and that is Thai."""

from registry.pdf.votes import AGREED, ALONE, Reading, elected


def chosen(first: str, *looks: str, sure: int = 92, look: int = 91) -> Reading:
    return elected(Reading(first, sure), [Reading(one, look) for one in looks])


def test_what_a_look_confirms_stays_and_no_more_looks_are_asked_for():
    asked = iter([Reading("ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", 90), None])
    first = Reading("ที่ มท ๐๘๑๐.๗/ว ๓๙๗๔", 95)
    assert elected(first, asked) is not None
    assert next(asked) is None
    assert chosen("ที่ มท 0810.7/ว 3974", ".ที่ มท 0810.7/ว 3974") == ("ที่ มท 0810.7/ว 3974", 92)


def test_what_two_looks_agree_on_goes_before_the_first_reading_and_is_not_sure():
    looks = ("ที่ กบ 0018/ว 28", "ที่ กบ 0018/ว 26", "ที่ กบ 0018/ว 28")
    assert chosen("ท กบ 0018/2 28", *looks) == ("ที่ กบ 0018/ว 28", AGREED)


def test_marks_that_a_look_adds_cost_a_number_nothing_of_its_sureness():
    assert chosen("ท มค 0023/69", "ที่ มค 0023/69", "ที่ มค 0023/69").sure == 91


def test_where_none_agree_each_stretch_is_read_as_makes_words():
    found = chosen(  # the consonants are the same in all
        "องค์กรูปกครองส่วนท้องถิน ตามแผน", "องค์กรปกครองส่วนท้องถิ่น ต่ามแผน",
        "องค์กรุปกครองส่วนท้องถิ่น ต้ามแผน", "องค์กรุปกครองส่วนท้องถิ่น ตํามแผน",
    )  # fmt: skip
    assert found == ("องค์กรปกครองส่วนท้องถิ่น ตามแผน", 91)


def test_a_consonant_that_nobody_confirms_is_doubted():
    assert chosen("ที่ ศก 0415/83", "ที่ ศธ 0415/83 ก", "ทิ ฆศ 0415/83").sure <= AGREED


def test_english_among_thai_is_left_as_it_was_read():
    for line in ("โครงการ Smart Office ระยะที่ ๒", "มาตรฐาน ISO 9001 ประจำปี"):
        rubble = line.replace("Smart Office", "5กาล 0กี๐6").replace("ISO ", "|50")
        assert chosen(line, rubble, rubble, look=60).text == line


def test_a_month_taken_for_english_is_read_as_thai():
    looks = ("๑๔ ธันวาคม ๒๕๖๑", "๑๔ ธันวาคม ๒๕๖๑.")
    assert chosen("๑๔ HUNAN ๒๕๖๑", *looks, look=82) == ("๑๔ ธันวาคม ๒๕๖๑", 82)


def test_a_marking_of_two_letters_is_read_though_the_first_reading_was_longer():
    assert chosen("ลบปบ", "ลับ", "ลับ", sure=85, look=94) == ("ลับ", AGREED)


def test_a_look_that_saw_half_a_line_counts_for_nothing():
    line = "เรื่อง แนวทางการดำเนินงาน"
    assert chosen(line, "เรื่อง", "เรื่อง", look=60).text == line


def test_the_stop_of_an_abbreviation_is_no_edge():
    looks = ("ประจำปี พ.ศ.", "ประจำปี พ.ศ.")
    assert chosen("ประจาปี W.A.", *looks).text == "ประจำปี พ.ศ."


def test_the_consonants_of_a_number_are_not_made_words():
    found = elected(
        Reading("ก แอ๕๒๑๗๐/ อ๒๙๒๖๐", 61),
        [Reading("ที่ นบ ๕๒๑๗๐/ว ๒๙๒๖๐", 95), Reading("ที่ นบ ๕๒๑๗๐/ว ๒๙๒๖๐1", 40)],
    )
    assert found == ("ที่ นบ ๕๒๑๗๐/ว ๒๙๒๖๐", ALONE)


def test_of_two_dates_the_one_of_known_words_is_taken():
    looks = ("วันที่ ๘ เมษายน ๒๕๖๘", "วั้นที่ ๘ เมษายน ๒๕๖๘ก")
    assert chosen("วั้นที่ ๘ เมษายน ๒๕๖๘", *looks).text == "วันที่ ๘ เมษายน ๒๕๖๘"


def test_thai_taken_for_english_and_figures_is_read_as_thai():
    looks = ("เรื่อง ซักซ้อมความเข้าใจเกี่ยวกับโครงภารอบรม", "เรื่อง ซักซ้อมความเข้าใจเกี่ยวกับโครงภารอบรม")
    found = chosen("Sas ซักซ้อมความเ ๘ข้าใจเกี iA ยว กับโครงภารอบรม", *looks, look=95)
    assert found == (looks[0], AGREED)
