"""The evidence map with a keyboard, on a phone, without scripts and on paper."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import builders


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")


def test_arrow_keys_go_from_entry_to_entry_and_tab_leaves_the_map(page: Page, site: str):
    page.goto(f"{site}/map/?treatment=rituximab&treatment=tofacitinib&group=kind")
    expect(page.get_by_role("grid")).to_be_visible()
    page.locator("#treatment-rituximab td a").first.focus()
    assert focused(page).startswith("Rituximab, Anti-MDA5: ")
    for key, where in (
        ("ArrowRight", "Rituximab, Anti-Mi-2: "),  # past a column without entries
        ("End", "Rituximab, not selected by antibody: "),
        ("ArrowRight", "Rituximab, not selected by antibody: "),
        ("ArrowUp", "Tofacitinib, not selected by antibody: "),  # small molecules stand above biologics
        ("ArrowDown", "Rituximab, not selected by antibody: "),
        ("Home", "Rituximab"),
        ("ArrowRight", "Rituximab, Anti-MDA5: "),
        ("ArrowUp", "Tofacitinib, Anti-MDA5: "),
        ("ArrowUp", "Anti-MDA5"),
        ("Control+End", "Rituximab, not selected by antibody: "),
    ):
        page.keyboard.press(key)
        assert focused(page).startswith(where), key
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table')") is None
    page.keyboard.press("Shift+Tab")
    assert focused(page).startswith("Rituximab, not selected by antibody: "), "where it was left"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_cell_opens_its_entries_in_place(page: Page, site: str, width: int, assert_accessible):
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{site}/map/?treatment=tofacitinib")
    cell = page.get_by_role("link", name=re.compile("^Tofacitinib, Anti-MDA5: [0-9]+ entries"))
    count = int(re.search(r": (\d+) entries", cell.get_attribute("aria-label") or "")[1])
    cell.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Tofacitinib, Anti-MDA5")
    expect(dialog.locator(".entry")).to_have_count(count)
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("link", name="As a list with filters").click()
    expect(page).to_have_url(re.compile(r"/evidence/\?treatment=tofacitinib&autoantibody=anti-mda5$"))
    expect(page.locator(".result-count")).to_have_text(re.compile(f"^{count} entries"))


def test_a_cell_with_more_entries_than_a_page_of_the_list_says_so(page: Page, live_server):
    antibody, release = builders.autoantibody(), builders.release()
    treatment, reference = builders.treatment(), builders.reference()
    for _ in range(27):
        claim = builders.evidence(treatment=treatment, reference=reference, autoantibodies=[antibody])
        builders.published(claim, release=release)
    page.goto(f"{live_server.url}/map/?treatment={treatment.slug}")
    page.get_by_role("link", name=re.compile(f"^{treatment.name}, {antibody.name}: 27 entries")).click()
    expect(page.get_by_role("dialog")).to_contain_text("These are the first 25 of 27.")


def test_headers_stay_in_sight_and_never_cover_what_has_the_focus(page: Page, site: str):
    page.goto(f"{site}/map/?columns=manifestation")
    last = page.locator("td a").last
    page.locator("td a").first.focus()
    page.keyboard.press("Control+End")
    expect(last).to_be_focused()
    head, box = page.locator("thead").bounding_box(), last.bounding_box()
    first_column = page.locator("tbody tr:last-child > th").last.bounding_box()
    assert None not in (head, box, first_column)
    assert box["y"] >= head["y"] + head["height"] - 1
    assert box["x"] >= first_column["x"] + first_column["width"] - 1
    expect(page.get_by_role("columnheader", name="Muscle weakness")).to_be_attached()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(
        """() => {
            const one = document.activeElement, box = one.getBoundingClientRect();
            return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
        }"""
    )


def test_on_a_phone_each_treatment_is_a_card_that_names_its_columns(page: Page, site: str):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/map/?columns=manifestation&treatment=ivig")
    cells = page.locator("#treatment-ivig td:visible")
    expect(cells.first).to_have_attribute("data-label", re.compile(".+"))
    assert cells.count() == page.locator("#treatment-ivig td a").count() > 3
    narrow = page.evaluate("document.documentElement.scrollWidth")
    assert narrow <= 360


def test_without_scripts_every_cell_is_a_link_to_its_entries(browser: Browser, site: str):
    context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/map/")
    page.get_by_role("link", name="Manifestations", exact=True).last.click()
    page.get_by_text("Filter and arrange").click()
    page.locator("summary", has_text="Population").click()
    page.get_by_role("checkbox", name="Juvenile", exact=True).check()
    page.get_by_role("button", name="Show the map").click()
    expect(page).to_have_url(re.compile(r"/map/\?(?=.*columns=manifestation)(?=.*population=juvenile)"))
    cell = page.locator("td a").first
    count = re.search(r": (\d+) entr", cell.get_attribute("aria-label") or "")[1]
    cell.click()
    expect(page.locator(".result-count")).to_have_text(re.compile(f"^{count} entr"))
    context.close()


def test_the_printed_map_fits_the_sheet_and_has_none_of_the_controls(page: Page, site: str):
    page.set_viewport_size({"width": 1047, "height": 718})  # A4 on its side, less the margins
    page.goto(f"{site}/map/?columns=manifestation")
    page.emulate_media(media="print")
    expect(page.get_by_text("Filter and arrange")).to_be_hidden()
    expect(page.locator(".map-scroll")).to_have_css("overflow", "visible")
    assert page.locator(".map").evaluate("(map) => map.getBoundingClientRect().right") <= 1047
