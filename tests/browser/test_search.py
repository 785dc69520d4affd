"""The search box with the keyboard, on a phone, while typing fast, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect


def box(page: Page) -> Locator:
    return page.get_by_role("search").get_by_label("Search treatments")


def suggestions(page: Page) -> Locator:
    """What the box offers; the finder on the home page has options of its own."""
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_suggestions_with_the_keyboard_alone(page: Page, site: str, assert_accessible: Callable[[], None]):
    page.goto(site)
    combobox = page.get_by_role("combobox", name="Search treatments")
    expect(combobox).to_have_attribute("aria-expanded", "false")
    combobox.press_sequentially("tofa")
    options = suggestions(page)
    expect(combobox).to_have_attribute("aria-expanded", "true")
    expect(options.first).to_contain_text("Tofacitinib")
    expect(page.get_by_role("group", name="Treatments")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="suggestion")).to_have_text(re.compile(r"^\d+ suggestions?\. "))

    combobox.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(combobox).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "")
    expect(combobox).to_be_focused()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert_accessible()
    combobox.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")  # it goes round
    combobox.press("Home")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    expect(combobox).not_to_have_attribute("aria-activedescendant", re.compile("."))

    combobox.press("Escape")
    expect(combobox).to_have_attribute("aria-expanded", "false")
    expect(combobox).to_have_value("tofa")
    combobox.press("ArrowDown")
    expect(options.first).to_be_visible()
    combobox.press("Escape")
    combobox.press("Escape")
    expect(combobox).to_have_value("")

    combobox.press_sequentially("xelj")
    expect(options.first).to_contain_text("brand name Xeljanz")
    combobox.press("ArrowDown")
    combobox.press("Enter")
    expect(page).to_have_url(re.compile("/treatments/tofacitinib/$"))


def test_enter_without_a_choice_searches_and_tab_closes_the_list(page: Page, site: str):
    page.goto(site)
    box(page).press_sequentially("calcin")
    expect(suggestions(page).first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)
    box(page).fill("ruxolitinib")
    box(page).press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=ruxolitinib$"))
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    expect(page.locator(".entry mark", has_text=re.compile("ruxolitinib", re.IGNORECASE)).first).to_be_visible()
    page.get_by_role("navigation", name="Kinds of results").get_by_role("link", name="References").click()
    expect(page).to_have_url(re.compile("kind=reference"))
    expect(box(page)).to_have_value("ruxolitinib")


def test_on_a_phone_a_finger_chooses_and_nothing_sticks_out(page: Page, site: str):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{site}/evidence/EV00120/")
    box(page).press_sequentially("mda5")
    option = suggestions(page).first
    expect(option).to_contain_text("Anti-MDA5")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert all(height >= 24 for height in suggestions(page).evaluate_all("(all) => all.map((one) => one.offsetHeight)"))
    option.click()
    expect(page).to_have_url(re.compile("/autoantibodies/anti-mda5/$"))


def test_what_is_typed_fast_is_answered_once_and_a_late_answer_is_not_shown(page: Page, site: str):
    asked: list[str] = []

    def slowly(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.url.endswith("q=ri"):
            page.wait_for_timeout(600)
        route.continue_()

    page.route("**/search/suggestions/**", slowly)
    page.goto(site)
    box(page).press_sequentially("ri", delay=10)
    page.wait_for_timeout(200)
    box(page).press_sequentially("tuximab", delay=10)
    expect(suggestions(page).first).to_contain_text("Rituximab")
    page.wait_for_timeout(700)
    expect(suggestions(page).last).to_have_text("Search everything for “rituximab”")
    assert len(asked) <= 3, "one letter asks nothing, and keys in a row ask once"


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_the_box_is_a_form(browser: Browser, site: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("textbox", name="Search treatments").fill("PMID 36198179")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("/references/aggarwal-2022-ivig/$"))
    context.close()
