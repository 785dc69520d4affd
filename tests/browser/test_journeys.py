"""What readers come for, done in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.keyboard import press_until


def test_from_home_to_what_was_tried_in_anti_mda5_and_to_its_source(page: Page, site: str):
    page.goto(site)
    page.get_by_role("link", name="Anti-MDA5").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anti-MDA5")
    page.locator(".entry-statement a").first.click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    source = page.locator("#source").get_by_role("link", name=re.compile("^(10\\.|PMC|[0-9]+$)")).first
    assert re.match(r"https://(pubmed|pmc)\.ncbi\.nlm\.nih\.gov/|https://doi\.org/", source.get_attribute("href") or "")


def test_the_same_with_the_keyboard_alone(page: Page, site: str):
    page.goto(site)
    press_until(page, "Skip to content", limit=1)
    page.keyboard.press("Enter")
    press_until(page, "Anti-MDA5")
    assert page.evaluate("getComputedStyle(document.activeElement.closest('.card')).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/autoantibodies/anti-mda5/$"))
    first = page.locator(".entry-statement a").first.inner_text()
    press_until(page, first)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/evidence/EV[0-9]+/$"))
    press_until(page, page.locator("#source .links a").first.inner_text())


def test_filtering_evidence_and_taking_a_filter_away(page: Page, site: str):
    page.goto(f"{site}/evidence/")
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    page.locator("summary", has_text="Direction").click()
    page.get_by_role("checkbox", name="No benefit").check()
    page.get_by_role("button", name="Show results").click()
    expect(page).to_have_url(re.compile(r"autoantibody=anti-mda5.*direction=no_benefit"))
    expect(page.locator(".result-count")).to_have_text(re.compile("^1 entry"))
    expect(page.get_by_role("checkbox", name="Anti-MDA5")).to_be_checked()
    page.get_by_role("link", name="Remove filter Direction: No benefit").click()
    expect(page.locator(".result-count")).to_have_text(re.compile("^32 entries"))
    page.go_back()
    expect(page.locator(".result-count")).to_have_text(re.compile("^1 entry"))


def test_filtering_on_a_phone(page: Page, site: str):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/treatments/")
    expect(page.get_by_label("Search in this list")).to_be_hidden()
    page.get_by_text("Filter and search").click()
    page.get_by_label("Search in this list").fill("tofacitinib")
    page.get_by_role("button", name="Show results").click()
    expect(page.get_by_role("rowheader").first).to_contain_text("Tofacitinib")


def test_a_search_that_cannot_be_answered_keeps_what_was_typed(page: Page, site: str):
    page.goto(f"{site}/evidence/?search=%5B")
    expect(page.get_by_role("alert")).to_contain_text("at least one letter or digit")
    expect(page.get_by_label("Search in this list")).to_have_value("[")


def test_a_link_into_a_folded_group_opens_it(page: Page, site: str):
    page.goto(f"{site}/autoantibodies/anti-mda5/")
    last = page.locator("#treatments table a[href^='#treatment-']").last
    target = page.locator(last.get_attribute("href") or "")
    expect(target).to_be_hidden()
    last.click()
    expect(target).to_be_visible()


def test_the_theme_is_the_readers_choice_and_stays(page: Page, site: str):
    page.emulate_media(color_scheme="light")
    page.goto(site)
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch to dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto(f"{site}/treatments/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.get_by_role("button", name="Switch to light").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_everything_is_still_reached(browser: Browser, site: str, width: int):
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    if width == 360:
        page.get_by_text("Menu").click()
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Evidence", exact=True).click()
    if width == 360:
        page.get_by_text("Filter and search").click()
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    page.get_by_role("button", name="Show results").click()
    expect(page.locator(".result-count")).to_have_text(re.compile("^32 entries"))
    page.get_by_role("link", name="Page 2").click()
    expect(page.locator(".result-count")).to_contain_text("26 to 32")
    page.locator(".entry-statement a").first.click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    context.close()


def test_proderm_on_a_phone_reads_arm_by_arm(page: Page, site: str):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/evidence/EV00120/")
    row = page.locator("#results tbody tr").first
    expect(row).to_contain_text("79 % (37/47)")
    expect(row).to_contain_text("44 % (21/48)")
    link = page.get_by_role("link", name="36198179")
    expect(link).to_have_attribute("href", "https://pubmed.ncbi.nlm.nih.gov/36198179/")


def test_a_printed_page_has_the_content_and_none_of_the_furniture(page: Page, site: str):
    page.goto(f"{site}/treatments/ivig/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Sections")).to_have_count(0)
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("heading", name="Evidence by manifestation")).to_be_visible()
    assert page.locator(".group .entry").evaluate_all("(all) => all.every((one) => one.checkVisibility())")
