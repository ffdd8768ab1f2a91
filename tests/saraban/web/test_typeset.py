"""Words of the pages: breakable in paragraphs, and nowhere else."""

import re

import pytest
from jinja2 import DictLoader, Environment

from saraban.web.typeset import Typeset

LONG = "คำตอบของท่านจะบันทึกเป็นคำสั่งท้ายหนังสือ"


def shown(template, **facts):
    """Give what a template says."""
    loader = DictLoader({"it": template})
    made = Environment(loader=loader, extensions=[Typeset], autoescape=True, trim_blocks=True)
    return made.get_template("it").render(facts)


def test_a_line_may_end_between_words_and_not_inside_one():
    html = shown(f"<p>{LONG}</p>")
    assert "<wbr>" in html
    assert '<span class="w">คำตอบ</span>' in html
    assert re.sub("<wbr>|</?span[^>]*>", "", html) == f"<p>{LONG}</p>"


@pytest.mark.parametrize(
    "template",
    [
        f'<p title="{LONG}" data-x=\'{LONG}\'></p>', f"<title>{LONG}</title>",
        f"<p><select><option{{% if x %}} selected{{% endif %}}>{LONG}</option></select></p>",
        f"{{% block title %}}{LONG}{{% endblock %}}", f"<p></p><h1>{LONG}</h1>",
        f'<p><b {{% if x %}}title="{LONG} {{{{ x }}}} {LONG}"{{% endif %}}></b></p>',
        f"<p><a href='/x'>{LONG}<b>{LONG}</b></a><button>{LONG}</button></p>",
    ],
)  # fmt: skip
def test_what_is_no_sentence_stays_as_it_is(template):
    assert "<wbr>" not in shown(template, x="ก")


def test_text_behind_them_is_text_again():
    html = shown(f"<p><a>{LONG}</a><b a='>'>{LONG}</b> &amp; {{{{ x }}}}</p>", x="<i>")
    assert html.startswith(f"<p><a>{LONG}</a><b a='>'>")
    assert "<wbr>" in html
    assert html.endswith("</b> &amp; &lt;i&gt;</p>")
