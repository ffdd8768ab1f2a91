"""Reading saraban.toml: what is written counts, what is misspelt stops."""

from pathlib import Path

import pytest

from saraban.config.load import BadConfig, find, load


def written(folder: Path, text: str) -> Path:
    path = folder / "saraban.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_means_all_defaults_and_data_beside_it(tmp_path):
    settings = load(written(tmp_path, ""), {})
    assert settings.office.instance.data_dir == tmp_path.resolve()
    assert settings.office.attachments.split_over == 25_000_000
    assert settings.gateway.smtp.listen == "127.0.0.1:2525"
    assert settings.gateway.relay == ()


def test_a_written_key_counts(tmp_path):
    settings = load(written(tmp_path, "[registry]\nsend = 'automatic'\n[send]\nhold = 30\n"), {})
    assert settings.office.registry.send == "automatic"
    assert settings.gateway.send.hold == 30.0


def test_the_environment_wins_as_literal_or_text(tmp_path):
    environ = {"SARABAN__SMTP__LISTEN": "127.0.0.1:0", "SARABAN__SMTP__MAX_RECIPIENTS": "7"}
    settings = load(written(tmp_path, "[smtp]\nlisten = 'x:1'\n"), environ)
    assert settings.gateway.smtp.listen == "127.0.0.1:0"
    assert settings.gateway.smtp.max_recipients == 7


def test_the_environment_sets_the_default_relay_and_leaves_the_others(tmp_path):
    path = written(tmp_path, "[[relay]]\nentity = 'dla'\nhost = 'mail.dla'\n")
    settings = load(path, {"SARABAN__RELAY__HOST": "127.0.0.1", "SARABAN__RELAY__PORT": "2500"})
    assert [(one.entity, one.host, one.port) for one in settings.gateway.relay] == [
        ("dla", "mail.dla", 25),
        ("", "127.0.0.1", 2500),
    ]


def test_a_list_of_networks_is_read_as_texts(tmp_path):
    settings = load(written(tmp_path, "[smtp]\ntrusted_networks = ['127.0.0.0/8']\n"), {})
    assert settings.gateway.smtp.trusted_networks == ("127.0.0.0/8",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[smpt]\nlisten = 'x'\n", "smpt"),
        ("[smtp]\nlitsen = 'x'\n", "litsen"),
        ("[smtp]\nmax_recipients = 'many'\n", "max_recipients"),
        ("[smtp]\nmax_recipients = true\n", "max_recipients"),
        ("[registry]\nsend = 'sometimes'\n", "automatic"),
        ("[relay]\nhost = 'x'\n", "[[relay]]"),
        ("[[smtp]]\nlisten = 'x'\n", "[smtp]"),
        ("[smtp\n", "saraban.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named_and_stops(tmp_path, text, names):
    with pytest.raises(BadConfig, match=names.replace("[", r"\[")) as caught:
        load(written(tmp_path, text), {})
    assert caught.value.exit_code == 3


def test_an_unknown_section_in_the_environment_stops(tmp_path):
    with pytest.raises(BadConfig, match="SARABAN__SMPT__LISTEN"):
        load(written(tmp_path, ""), {"SARABAN__SMPT__LISTEN": "x"})


def test_the_configuration_is_found_in_a_folder_and_its_absence_says_what_to_do(tmp_path):
    path = written(tmp_path, "")
    assert find(str(tmp_path)) == path.resolve()
    with pytest.raises(BadConfig, match="saraban init"):
        find(str(tmp_path / "nowhere"))


def test_the_section_of_the_pages_is_known_although_nothing_serves_them_yet(tmp_path):
    settings = load(written(tmp_path, ""), {"SARABAN__WEB__LISTEN": "127.0.0.1:0"})
    assert settings.web.listen == "127.0.0.1:0"


def test_a_data_folder_is_taken_from_the_folder_of_the_file(tmp_path):
    settings = load(written(tmp_path, "[instance]\ndata_dir = 'data'\n"), {})
    assert settings.office.instance.data_dir == tmp_path.resolve() / "data"
