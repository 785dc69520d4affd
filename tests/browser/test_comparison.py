"""Choosing treatments on one page, comparing them on another."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

PHONE = {"width": 360, "height": 740}


def switch(page: Page, name: str) -> Locator:
    """The switch of a treatment in a list; on its own page it says what it is for instead."""
    return page.get_by_role("button", name=f"Compare {name}", exact=False)


def tray(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Comparison")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")


def test_a_choice_is_taken_along_to_the_comparison(page: Page, site: str):
    page.goto(f"{site}/treatments/")
    expect(tray(page)).to_have_count(0)
    switch(page, "Abatacept").click()
    expect(switch(page, "Abatacept")).to_have_attribute("aria-pressed", "true")
    expect(tray(page).get_by_role("link", name="Choose another to compare")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Abatacept added to comparison. 1 treatment")).to_have_count(1)
    # A part of the page that comes later knows of the choice too.
    page.evaluate("htmx.ajax('GET', '/treatments/', { target: 'main', select: 'main', swap: 'outerHTML' })")
    expect(page.locator("main [data-compare=abatacept][role=button][aria-pressed=true]")).to_be_visible()
    page.goto(f"{site}/treatments/ivig/")
    switch(page, "with others").click()
    page.goto(f"{site}/evidence/EV00120/")
    tray(page).get_by_role("link", name="Compare 2 treatments").click()
    expect(page).to_have_url(re.compile(r"/compare/\?treatment=abatacept&treatment=ivig$"))
    expect(page.get_by_role("columnheader", name="Abatacept")).to_be_visible()
    expect(tray(page)).to_have_count(0)  # it would only repeat the page
    page.get_by_role("link", name="Remove Abatacept from the comparison").click()
    expect(page).to_have_url(re.compile(r"/compare/\?treatment=ivig$"))
    expect(tray(page).get_by_role("button")).to_have_text([re.compile("Intravenous"), "Clear"])
    page.go_back()
    expect(tray(page).get_by_role("button").first).to_have_text(re.compile("Intravenous"))


def test_four_are_the_most_and_any_can_be_taken_out_again(page: Page, site: str):
    page.goto(f"{site}/treatments/")
    for name in ("Abatacept", "Adalimumab", "Anakinra", "Anifrolumab", "Apremilast"):
        switch(page, name).click()
    told = "4 treatments at most: remove one to add Apremilast."
    expect(tray(page)).to_contain_text(told)
    expect(page.get_by_role("status").filter(has_text=told)).to_have_count(1)
    expect(switch(page, "Apremilast")).to_have_attribute("aria-pressed", "false")
    tray(page).get_by_role("button", name="Remove Adalimumab from comparison").click()
    expect(switch(page, "Adalimumab")).to_have_attribute("aria-pressed", "false")
    assert focused(page) == "Remove Anakinra from comparison"
    switch(page, "Anifrolumab").click()
    expect(tray(page).get_by_role("link", name="Compare 2 treatments")).to_be_visible()
    tray(page).get_by_role("button", name="Clear").click()
    expect(tray(page)).to_have_count(0)
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload()
    expect(switch(page, "Abatacept")).to_have_attribute("aria-pressed", "false")


def test_the_tray_is_used_with_the_keyboard_alone(page: Page, site: str):
    page.goto(f"{site}/treatments/ivig/")
    switch(page, "with others").focus()
    page.keyboard.press("Space")
    expect(switch(page, "with others")).to_have_attribute("aria-pressed", "true")
    page.goto(f"{site}/treatments/tofacitinib/")
    switch(page, "with others").press("Enter")
    expect(tray(page)).to_be_visible()
    page.goto(f"{site}/treatments/")
    expect(tray(page)).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    assert focused(page) == "Skip to comparison"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    assert reached == [
        "Remove Intravenous immunoglobulin (IVIG) from comparison",
        "Remove Tofacitinib from comparison",
        "Clear",
        "Compare 2 treatments",
    ]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/compare/\?treatment=ivig&treatment=tofacitinib$"))


UNREADABLE = [
    "{",
    "null",
    "[]",
    '"text"',
    '{"at": 1, "treatments": [{"slug": "ivig", "name": "Long ago"}]}',
    '{"at": NOW, "treatments": "ivig"}',
    '{"at": NOW, "treatments": [null, 7, {"slug": "../admin", "name": "No slug"}, {"slug": "ivig"}]}',
]


def test_what_cannot_be_read_from_storage_is_as_if_nothing_was_chosen(page: Page, site: str):
    page.goto(f"{site}/treatments/abatacept/")
    for text in UNREADABLE:
        page.evaluate("(text) => localStorage.setItem('comparison', text.replace('NOW', Date.now()))", text)
        page.reload()
        switch(page, "with others").click()
        expect(tray(page).get_by_role("button")).to_have_text([re.compile("Abatacept"), "Clear"])
        kept = json.loads(page.evaluate("localStorage.comparison"))["treatments"]
        assert [one["slug"] for one in kept] == ["abatacept"]


def test_without_storage_the_switches_still_lead_to_the_comparison(page: Page, site: str):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('No storage here.'); } });"
    )
    page.goto(f"{site}/treatments/")
    switch(page, "Abatacept").click()
    switch(page, "Anakinra").click()
    tray(page).get_by_role("link", name="Compare 2 treatments").click()
    expect(page.get_by_role("columnheader", name="Anakinra")).to_be_visible()


def test_without_scripts_the_link_leads_to_where_the_second_is_chosen(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/treatments/ivig/")
    page.get_by_role("link", name="Compare with others").click()
    expect(page.get_by_label("Treatment 1")).to_have_value("ivig")
    page.get_by_label("Treatment 2").select_option("Tofacitinib")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("columnheader", name="Tofacitinib")).to_be_visible()
    page.get_by_role("link", name="Show differences only").click()
    expect(page.get_by_role("link", name="Show all rows")).to_be_visible()
    context.close()


def choose_two(page: Page, site: str) -> None:
    page.goto(f"{site}/treatments/")
    switch(page, "Abatacept").click()
    switch(page, "Adalimumab").click()
    expect(tray(page)).to_be_visible()


def test_an_open_tray_is_accessible_covers_nothing_for_good_and_is_not_printed(
    page: Page, site: str, assert_accessible: Callable[[], None]
):
    page.set_viewport_size(PHONE)
    choose_two(page, site)
    tray(page).get_by_text("2 chosen").click()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    tray(page).get_by_text("2 chosen").click()
    # The last line of the page can be scrolled clear of the tray, and a field in use has the screen for itself.
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    footer, over = page.locator(".site-footer").bounding_box(), page.locator(".tray").bounding_box()
    assert footer["y"] + footer["height"] <= over["y"]
    page.locator("#site-search").focus()
    expect(page.locator(".tray")).to_be_hidden()
    page.locator("main").focus()
    expect(page.locator(".tray")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".tray")).to_be_hidden()
    expect(page.locator("[data-compare]").first).to_be_hidden()


def test_nothing_moves_when_the_tray_comes(page: Page, site: str):
    choose_two(page, site)
    page.goto(f"{site}/nothing/")  # the shortest page there is: any room taken would show
    expect(tray(page)).to_be_visible()
    shift = page.evaluate(
        """() => new Promise((done) => {
            let total = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) total += entry.hadRecentInput ? 0 : entry.value;
            }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => done(total), 300);
        })"""
    )
    assert shift < 0.01


def test_the_table_reads_downwards_on_a_phone_and_keeps_its_names_in_sight_on_a_desk(page: Page, site: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/compare/?treatment=ivig&treatment=methotrexate")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Pregnancy"))
    cells = row.get_by_role("cell")
    expect(cells.nth(0)).to_contain_text("Intravenous immunoglobulin (IVIG)Not recorded")
    expect(cells.nth(1)).to_contain_text("MethotrexateContraindicated")
    first, second = (cells.nth(number).bounding_box() for number in range(2))
    assert second["y"] >= first["y"] + first["height"]

    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("link", name="Safety and monitoring").click()
    head = page.get_by_role("columnheader", name="Methotrexate")
    heading = page.get_by_role("heading", name="Safety and monitoring")
    expect(head).to_be_in_viewport()
    expect(heading).to_be_in_viewport()
    assert heading.bounding_box()["y"] >= head.bounding_box()["y"] + head.bounding_box()["height"]
