"""Text that tries to be more than text, from the person and in answers."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.chat import Chat
from tests.browser.texts import PERSONAL_NUMBER

HOSTILE = """<script>window.ran = true</script>

<img src="/static/icon.svg" onload="window.ran = true" onerror="window.ran = true">

Text <b onclick="window.ran = true">with</b> <svg/onload=window.ran=true> in it

[one](javascript:window.ran=true) [two](JaVaScRiPt:window.ran=true) [three](java&#115;cript:window.ran=true)
[four](data:text/html,<script>window.ran=true</script>) [five](vbscript:x) [six](/relative "title")
<javascript:window.ran=true> ![seven](javascript:window.ran=true)

\u202etxet desrever

[good](https://www.ge.ch/)

```html
<script>window.ran = true</script>
```
"""

MARKDOWN = """# Titre

1. un
2. **deux**

- *trois*

| A | B |
| - | - |
| 1 | 2 |

> cité

`code` &amp; a < b"""

READS_LEFT_TO_RIGHT = """paragraph => {
  const nodes = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const start = nodes.currentNode.data.indexOf("abc");
    if (start < 0) continue;
    const [a, c] = [start, start + 2].map((at) => {
      const range = document.createRange();
      range.setStart(nodes.currentNode, at);
      range.setEnd(nodes.currentNode, at + 1);
      return range.getBoundingClientRect().left;
    });
    return a < c;
  }
}"""


def ran(page: Page) -> bool:
    """Whether any text was run as a script."""
    found: bool = page.evaluate("'ran' in window")
    return found


def elements(within: Locator) -> set[str]:
    """The names of the elements inside of an element."""
    return set(within.evaluate("root => Array.from(root.querySelectorAll('*'), element => element.localName)"))


def test_hostile_text_of_the_person_is_shown_and_does_nothing(chat: Chat) -> None:
    text = '<script>window.ran = true</script><img src=x onerror="window.ran = true">[a](javascript:window.ran=true)'
    chat.ask(text)
    for _ in ("typed", "read again"):
        expect(chat.messages.first).to_contain_text(text)
        assert elements(chat.messages.first) == {"p"}
        chat.page.reload()
    assert not ran(chat.page)


def test_hostile_markdown_in_an_answer_makes_no_element_and_runs_nothing(chat: Chat) -> None:
    chat.replace_answers(text=HOSTILE)
    answer = chat.ask(PERSONAL_NUMBER).locator(".text")
    expect(answer).to_contain_text("<script>window.ran = true</script>")
    expect(answer).to_contain_text('<img src="/static/icon.svg" onload="window.ran = true"')
    expect(answer).to_contain_text("txet desrever")
    assert elements(answer) == {"p", "a", "span"}
    expect(answer.get_by_role("link")).to_have_count(1)
    expect(answer.get_by_role("link")).to_have_attribute("href", "https://www.ge.ch/")
    for word in ("one", "two", "three", "four", "five", "six"):
        answer.get_by_text(word).first.click()
    assert not ran(chat.page)


@pytest.mark.long
def test_right_to_left_override_ends_with_its_paragraph(chat: Chat) -> None:
    chat.replace_answers(text="\u202eabc\n\nabc")
    paragraphs = chat.ask(PERSONAL_NUMBER).locator(".text > p").all()
    assert [paragraph.evaluate(READS_LEFT_TO_RIGHT) for paragraph in paragraphs] == [False, True]


def test_only_web_addresses_of_sources_become_links_and_open_windows_that_cannot_reach_back(chat: Chat) -> None:
    hostile = ("javascript:window.ran=true", "data:text/html,<script>window.ran=true</script>", "//evil.example/")
    sources = [
        {"id": "x", "title": f"<b>{url}</b>", "url": url, "article": None, "as_of": "2026", "standing": "current"}
        for url in (*hostile, "https://www.ge.ch/")
    ]
    chat.replace_answers(sources=sources)
    answer = chat.ask(PERSONAL_NUMBER)
    chat.sources.click()
    for url in hostile:
        expect(answer.get_by_text(f"<b>{url}</b>")).to_be_visible()
    link = answer.get_by_role("link")
    expect(link).to_have_accessible_name("<b>https://www.ge.ch/</b> (nouvelle fenêtre)")
    expect(link).to_have_attribute("href", "https://www.ge.ch/")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.long
def test_markdown_of_answers_becomes_elements(chat: Chat) -> None:
    chat.replace_answers(text=MARKDOWN)
    answer = chat.ask(PERSONAL_NUMBER).locator(".text")
    expect(answer.get_by_role("listitem")).to_have_text(["un", "deux", "trois"])
    expect(answer.get_by_role("columnheader")).to_have_text(["A", "B"])
    expect(answer.get_by_role("cell")).to_have_text(["1", "2"])
    expect(answer.locator("blockquote")).to_have_text("cité")
    expect(answer.locator("strong")).to_have_text(["Titre", "deux"])
    expect(answer.locator("p").last).to_have_text("code & a < b")


@pytest.mark.long
def test_lists_in_lists_and_what_only_looks_like_markdown(chat: Chat) -> None:
    text = "\n".join(
        [
            "1. un",
            "   - dedans",
            "   - encore",
            "2. deux",
            "suite",
            "",
            "Voir https://www.ge.ch/a_b_c. Pas un_nom_ici, 2 * 3 * 4, 5 < 6 > 2, **ouvert",
            "",
            "*a **b** c* \\*pas\\* [x](https://www.ge.ch/(1)) <https://www.vd.ch/>",
            "",
            "| A | B |",
            "|---|:-:|",
            "| `a\\|b` x | d\\|e | trop |",
            "| seul |",
        ]
    )
    chat.replace_answers(text=text)
    answer = chat.ask(PERSONAL_NUMBER).locator(".text")
    expect(answer.locator("ol > li")).to_have_count(2)
    expect(answer.locator("ol > li > ul > li")).to_have_text(["dedans", "encore"])
    expect(answer.locator("ol > li").nth(1)).to_have_text("deux suite")
    expect(answer.locator("p").first).to_contain_text("Pas un_nom_ici, 2 * 3 * 4, 5 < 6 > 2, **ouvert")
    expect(answer.locator("em")).to_have_text("a b c")
    expect(answer.locator("em strong")).to_have_text("b")
    expect(answer.locator("p").nth(1)).to_contain_text("*pas*")
    addresses = [link.get_attribute("href") for link in answer.get_by_role("link").all()]
    assert addresses == ["https://www.ge.ch/a_b_c", "https://www.ge.ch/(1)", "https://www.vd.ch/"]
    expect(answer.get_by_role("row")).to_have_count(3)
    expect(answer.get_by_role("cell", name="d|e")).to_be_visible()


@pytest.mark.long
def test_text_made_to_take_long_is_read_at_once(chat: Chat) -> None:
    for text in ("[" * 20_000, "*a " * 10_000, "`" * 20_000, "> " * 5_000 + "a", "- " * 2_000 + "a", "_a" * 10_000):
        chat.replace_answers(text=text)
        expect(chat.ask(PERSONAL_NUMBER)).to_be_visible()
        chat.page.unroute_all(behavior="wait")


@pytest.mark.long
def test_hostile_names_of_files_and_steps_are_text(chat: Chat) -> None:
    name = '<img src=x onerror="window.ran = true">.pdf'
    file = {"id": "1", "name": name, "mime": "<b>x</b>", "url": "javascript:window.ran=true"}
    chat.replace_answers(attachments=[file])
    answer = chat.ask(PERSONAL_NUMBER)
    expect(answer.get_by_text(name)).to_be_visible()
    answer.get_by_role("button", name=name).click()
    expect(chat.alert).to_be_visible()
    assert "img" not in elements(answer)
    assert not ran(chat.page)
