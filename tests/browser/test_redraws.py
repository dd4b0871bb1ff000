"""While a screen is drawn anew a field may stand there twice, and what was drawn may be told to go late: no entry is lost by it.

The component is called here as the page calls it, in the order that a slow network brings about.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Server, Visitor, complaints_checked, context_of

pytestmark = pytest.mark.browser

ADDRESS = """() =>
  performance.getEntriesByType("resource").map((entry) => entry.name).find((name) => name.includes("field.js")) || null"""
"""Of the component. null: it is not there yet, for it comes with the first field and not with the screen."""
STAGE = """async (address) => {
  const draw = (await import(address)).default;
  const field = {
    kind: "answer", token: "nobody:stage", person: "nobody", place: [0, 0, "impact", "stage"], path: "/", label: "Stage",
    field: {kind: "choice", label: "Stage", options: ["yes", "no"].map((value) => ({value, label: value})), alone: []},
    note: {label: "Note", limit: 100}, value: {answer: "", note: ""}, base: 0, saved: "", verdict: null,
  };
  const form = {
    kind: "form", token: "nobody:form:stage", person: "nobody", label: "Stage", value: "", done: [], problem: null,
    field: {kind: "short", label: "Stage", limit: 100},
  };
  const front = document.createElement("div");
  Object.assign(front.style, {position: "fixed", inset: "0", zIndex: "1000000", background: "white"});
  document.body.append(front);
  window.stage = {
    letters: [],
    place(name) {
      const made = document.createElement("div");
      made.id = name;
      front.append(made);
      return made;
    },
    draw(place, kind = "answer", more = {}) {
      const data = {...(kind === "answer" ? field : form), ...more};
      return draw({data: [data], parentElement: place, setStateValue: (name, letter) => this.letters.push(letter)});
    },
  };
}"""


@pytest.fixture(scope="module")
def context(server: Server, browser: Browser) -> Iterator[BrowserContext]:
    context = context_of(browser)
    Visitor(context.new_page(), server.address).sign_in("hana")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Iterator[Page]:
    with complaints_checked(context) as page:
        visitor = Visitor(page, server.address)
        visitor.go("/systems").page.evaluate(STAGE, page.wait_for_function(ADDRESS).json_value())
        yield page
        page.evaluate("localStorage.clear()")
    page.close()


def _sent(page: Page, answer: str) -> None:
    page.wait_for_function("(answer) => stage.letters.some((letter) => letter.value?.answer === answer)", arg=answer)


def test_a_field_that_stands_twice_still_listens_after_the_older_one_went(page: Page) -> None:
    page.evaluate("""() => {
      const [older, newer] = [stage.place("older"), stage.place("newer")];
      stage.draw(older);
      stage.draw(newer);
      const leave = stage.draw(older);  // its data came late
      older.remove();
      leave();
    }""")
    page.locator("#newer").get_by_role("radio").nth(1).check()
    expect(page.locator("#newer .f-mark")).not_to_have_attribute("data-state", "saved")
    _sent(page, "no")


def test_what_is_chosen_in_a_field_that_is_about_to_go_stands_in_the_one_that_stays(page: Page) -> None:
    page.evaluate("""() => {
      window.older = stage.place("older");
      window.leave = stage.draw(older);
      stage.draw(stage.place("newer"));
    }""")
    page.locator("#older").get_by_role("radio").first.check()
    page.evaluate("() => { older.remove(); leave(); }")
    expect(page.locator("#newer").get_by_role("radio").first).to_be_checked()
    expect(page.locator("#newer .f-mark")).not_to_have_attribute("data-state", "saved")
    _sent(page, "yes")


@pytest.mark.parametrize("kind", ["answer", "form"])
def test_a_field_stays_under_the_fingers_when_a_newer_drawing_overtakes_an_older_one(page: Page, kind: str) -> None:
    page.evaluate(
        "(kind) => { window.place = stage.place('stays'); window.leave = stage.draw(place, kind); }",
        kind,
    )
    control = page.locator("#stays input").first
    control.focus()
    page.evaluate("(kind) => { leave(); stage.draw(place, kind); }", kind)
    expect(control).to_be_focused()
    expect(page.locator("#stays .f-field")).to_have_count(1)


def test_what_a_field_shows_without_an_event_is_sent_and_marked_all_the_same(page: Page) -> None:
    page.evaluate("() => { stage.draw(stage.place('silent')); stage.draw(stage.place('silent-form'), 'form'); }")
    page.evaluate("document.querySelectorAll('#silent input')[1].checked = true")
    page.evaluate("document.querySelector('#silent-form input').value = 'words'")
    expect(page.locator("#silent .f-mark")).not_to_have_attribute("data-state", "saved")
    _sent(page, "no")
    page.wait_for_function("() => stage.letters.some((letter) => letter.text === 'words')")


def test_new_data_do_not_wipe_out_what_a_field_shows_without_an_event(page: Page) -> None:
    page.evaluate("""() => {
      const place = stage.place("silent");
      stage.draw(place);
      place.querySelectorAll("input")[1].checked = true;
      stage.draw(place, "answer", {base: 1});
    }""")
    expect(page.locator("#silent").get_by_role("radio").nth(1)).to_be_checked()
    _sent(page, "no")


def test_a_verdict_that_comes_while_nothing_is_awaited_is_heard(page: Page) -> None:
    """The connection was lost and came back: the page asks nothing yet, and the server has saved already."""
    page.evaluate("() => { window.place = stage.place('late'); stage.draw(place); }")
    page.locator("#late").get_by_role("radio").first.check()
    _sent(page, "yes")
    page.evaluate("""() => {
      document.documentElement.dataset.socket = "lost";
      window.dispatchEvent(new Event("haetae-socket"));
      const verdict = {nonce: stage.letters.at(-1).nonce, kind: "saved", text: "", cells: {}};
      stage.draw(place, "answer", {base: 1, value: {answer: "yes", note: ""}, saved: "Saved", verdict});
    }""")
    expect(page.locator("#late .f-mark")).to_have_text("✓ Saved")


def test_words_that_were_saved_without_a_verdict_never_become_those_of_somebody_else(page: Page) -> None:
    """A server that goes again and again has saved what was sent long ago; more was sent since than is remembered."""
    page.evaluate("""() => {
      const place = stage.place("gone"), field = {kind: "long", label: "Stage"};
      const draw = (more) => stage.draw(place, "answer", {field, ...more});
      draw({});
      const written = place.querySelector("textarea");
      for (let turn = 1; turn <= 30; turn += 1) {
        document.documentElement.dataset.socket = "lost";
        window.dispatchEvent(new Event("haetae-socket"));
        document.documentElement.dataset.socket = "open";
        written.value = `words ${turn}`;
        written.dispatchEvent(new Event("input"));
        written.dispatchEvent(new Event("change"));  // left: sent at once
        if (turn === 2) { draw({base: 1, value: {answer: "words 1", note: ""}, saved: "Saved"}); }
      }
    }""")
    letter = page.evaluate("() => stage.letters.at(-1)")
    assert letter["value"]["answer"] == "words 30"
    assert (letter["base"], letter["seen"]["answer"]) == (1, "words 1")
    assert len(letter["sent"]) <= 8


def test_a_draft_that_comes_back_into_a_closed_fold_opens_it(page: Page) -> None:
    page.evaluate("""() => {
      const tab = document.documentElement.dataset.tab, fold = document.createElement("details");
      const entry = {kind: "form", value: "words", nonce: "n", person: "nobody", tab, at: Date.now()};
      localStorage.setItem(`haetae-words:nobody:form:stage@${tab}`, JSON.stringify(entry));
      fold.append(document.createElement("summary"), stage.place("folded"));
      stage.place("around").append(fold);
      stage.draw(fold.lastChild, "form");
    }""")
    expect(page.locator("#folded input")).to_be_visible()
    expect(page.locator("#folded input")).to_have_value("words")


BUTTON = """() => {
  const place = stage.place("pressed"), above = document.createElement("div"), button = document.createElement("button");
  button.textContent = "Save it";
  window.presses = 0;
  button.addEventListener("click", () => { window.presses += 1; });
  button.addEventListener("pointerdown", () => { above.style.height = "120px"; });  // as a field does that is left
  place.append(above, button);
}"""


def test_a_press_is_not_lost_though_the_page_grows_under_the_pointer(page: Page) -> None:
    page.evaluate(BUTTON)
    page.get_by_role("button", name="Save it").click()
    assert page.evaluate("presses") == 1
    page.get_by_role("button", name="Save it").click()  # where nothing moves it counts once as well
    page.get_by_role("button", name="Save it").press("Enter")
    assert page.evaluate("presses") == 3


def test_who_leaves_a_button_before_letting_go_has_not_pressed_it(page: Page) -> None:
    page.evaluate(BUTTON)
    page.get_by_role("button", name="Save it").hover()
    page.mouse.down()
    page.mouse.move(600, 500)
    page.mouse.up()
    assert page.evaluate("presses") == 0
    page.get_by_role("button", name="Save it").press("Enter")
    assert page.evaluate("presses") == 1
