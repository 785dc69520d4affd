"""The finder, done as a clinician does it."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.keyboard import press_until

ANSWER = "/find/?autoantibody=anti-mda5&manifestation=rapidly-progressive-ild"
TITLE = "Anti-MDA5 with rapidly progressive interstitial lung disease"
PRIMARY = re.compile(r"https://(pubmed|pmc)\.ncbi\.nlm\.nih\.gov/|https://doi\.org/")


def test_from_home_to_the_source_in_three_actions(page: Page, site: str):
    page.goto(site)
    page.get_by_label("Autoantibody", exact=True).select_option(label="Anti-MDA5")  # one
    page.get_by_role("button", name="Rapidly progressive interstitial lung disease").click()  # two
    expect(page.get_by_role("heading", name=TITLE, level=2)).to_be_visible()
    row = page.locator("#treatment-tofacitinib")
    expect(row).to_contain_text("Level 4")
    expect(row).to_contain_text("2 supports")
    expect(row).to_contain_text("60 % (3/5) vs 0 % (0/6)")
    expect(row.locator("a[rel=external]")).to_have_attribute(
        "href", PRIMARY
    )  # three: the source itself, one click away
    row.get_by_role("link", name="EV00295").click()  # or the entry with all of its figures
    expect(page.get_by_role("heading", name="Results")).to_be_visible()


def test_the_same_with_the_keyboard_alone(page: Page, site: str):
    page.goto(site)
    page.locator("#ask-autoantibody").focus()
    page.keyboard.type("Anti-MD")  # one
    press_until(page, "Rapidly progressive interstitial lung disease")
    page.keyboard.press("Enter")  # two
    expect(page).to_have_url(re.compile(re.escape(ANSWER)))
    press_until(page, "PubMed")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert PRIMARY.match(page.evaluate("document.activeElement.href"))  # three: Enter opens it


def test_the_select_on_the_home_page_is_reached_early(page: Page, site: str):
    page.goto(site)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#ask-autoantibody")).to_be_focused()


def test_the_answer_changes_in_place_and_back_brings_the_one_before(page: Page, site: str):
    page.goto(site + ANSWER)
    page.evaluate("window.untouched = true")
    population = page.get_by_label("Population")
    population.focus()
    population.select_option(label="Adults")
    expect(page.locator("#answer-title")).to_have_text(f"{TITLE}, in adults")
    expect(page.get_by_role("status").filter(has_text="treatments")).to_have_text(
        re.compile(r"^\d+ treatments: \d+ Anti-MDA5")
    )
    expect(page.locator("#answer .notice")).to_contain_text("83 entries on juveniles alone are not shown")
    expect(page).to_have_url(f"{site}{ANSWER}&population=adult")
    expect(page).to_have_title(re.compile(f"^{TITLE}, in adults"))
    assert page.evaluate("window.untouched"), "the page was not loaded anew"
    expect(population).to_be_focused()
    page.go_back()
    expect(page.locator("#answer-title")).to_have_text(TITLE)
    expect(page.get_by_label("Population")).to_have_value("")
    page.wait_for_load_state()  # its scripts too
    page.go_forward()
    expect(page.locator("#answer-title")).to_have_text(f"{TITLE}, in adults")
    expect(page.get_by_label("Population")).to_have_value("adult")


def test_pressing_find_takes_the_reader_to_the_answer(page: Page, site: str):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/find/")
    page.get_by_label("Calcinosis").check()
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#answer-title")).to_have_text("Calcinosis")
    expect(page.locator("#answer-title")).to_be_focused()
    expect(page.locator("#answer-title")).to_be_in_viewport()


def test_a_row_unfolds_to_the_entries_behind_it(page: Page, site: str):
    page.goto(site + ANSWER)
    row = page.locator("#treatment-plasma-exchange")
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(row.locator(".behind-part").first.locator(".entry")).to_have_count(2)
    expect(row.locator(".behind-body")).to_contain_text("Studied in dermatomyositis not selected by autoantibody")


def test_an_answer_that_does_not_come_is_said(page: Page, site: str):
    page.goto(site + ANSWER)
    page.route("**/find/?*", lambda route: route.abort())
    page.get_by_label("Setting").select_option(label="Rescue")
    expect(page.get_by_role("status").filter(has_text="could not be fetched")).to_be_visible()
    expect(page.locator("#answer-title")).to_have_text(TITLE)


def test_without_scripts_the_same_is_reached(browser: Browser, site: str):
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Autoantibody", exact=True).select_option(label="Anti-MDA5")
    page.get_by_role("button", name="Rapidly progressive interstitial lung disease").click()
    page.get_by_text("Change the question").click()
    page.get_by_label("Population").select_option(label="Adults")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#answer-title")).to_have_text(f"{TITLE}, in adults")
    row = page.locator("#treatment-plasma-exchange")
    row.locator("summary").click()
    row.get_by_role("link", name="Open them on a page of their own").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Therapeutic plasma exchange")
    expect(page.locator(".entry").first).to_be_visible()
    context.close()


def test_it_prints_on_two_pages(page: Page, site: str):
    for address in (ANSWER, "/find/?manifestation=calcinosis"):
        page.goto(site + address)
        sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
        assert sheets <= 2, f"{address} takes {sheets} pages"
