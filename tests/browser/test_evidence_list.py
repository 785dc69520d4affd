"""The evidence list in use: filters answer in place, the address keeps up, and it all works without scripts too."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 360, "height": 740}


def test_a_filter_answers_in_place_and_going_back_undoes_it(page: Page, site: str):
    page.goto(f"{site}/evidence/")
    count = page.locator("#result-count")
    everything = count.inner_text()
    page.evaluate("window.stillHere = true")
    page.locator("summary", has_text="Direction").click()
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    expect(count).to_have_text("32 entries · 1 to 25")
    expect(page).to_have_url(f"{site}/evidence/?autoantibody=anti-mda5")
    harm = page.get_by_role("checkbox", name="Harm")
    promised = page.locator("label", has=page.locator("#option-direction-harm")).locator(".n").inner_text()
    harm.focus()
    page.keyboard.press("Space")
    expect(count).to_have_text(f"{promised} {'entry' if promised == '1' else 'entries'}")
    expect(page).to_have_url(f"{site}/evidence/?autoantibody=anti-mda5&direction=harm")
    expect(harm).to_be_focused()
    expect(harm).to_be_checked()
    assert page.evaluate("window.stillHere"), "the page was not loaded anew"

    page.go_back()
    expect(count).to_contain_text("32 entries")
    expect(page.locator("#option-direction-harm")).not_to_be_checked()
    page.go_back()
    expect(count).to_have_text(everything)
    expect(page.get_by_role("checkbox", name="Anti-MDA5")).not_to_be_checked()


def test_order_search_and_chips_work_from_the_keyboard(page: Page, site: str):
    page.goto(f"{site}/evidence/?autoantibody=anti-mda5&published_since=2026-01-01")
    page.get_by_label("Order by").select_option("Newest first")
    expect(page).to_have_url(f"{site}/evidence/?autoantibody=anti-mda5&published_since=2026-01-01&ordering=-year")
    page.get_by_label("Search in this list").fill("lung")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(4)
    expect(page.locator("#results")).to_be_focused()

    page.get_by_role("link", name="Remove filter Search: lung").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(3)
    expect(page.locator("#results")).to_be_focused()
    expect(page.get_by_label("Search in this list")).to_have_value("")
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(f"{site}/evidence/?ordering=-year")
    expect(page.get_by_role("checkbox", name="Anti-MDA5")).not_to_be_checked()
    expect(page.get_by_label("Published since")).to_have_value("")

    page.get_by_label("Search in this list").fill("[")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("A search needs at least one letter or digit.")
    expect(page.get_by_label("Search in this list")).to_have_value("[")


def test_a_long_list_is_narrowed_by_typing_and_stays_so(page: Page, site: str):
    page.goto(f"{site}/evidence/")
    page.locator("summary", has_text="Treatment").first.click()
    page.get_by_label("Narrow the list: treatment").fill("TOFA citinib")
    options = page.locator("#options-treatment .option:visible")
    expect(options.first).to_contain_text("Tofacitinib")
    narrowed = options.count()
    assert 0 < narrowed < 10
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    expect(page.locator("#result-count")).to_contain_text("32 entries")
    expect(options).to_have_count(narrowed)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Narrow the list: treatment")).to_have_value("TOFA citinib")


def test_a_phone_goes_from_filters_to_results_and_a_table_fits_it(
    page: Page, site: str, assert_accessible: Callable[[], None]
):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/evidence/?view=table")
    page.locator("summary", has_text="Filter and search").click()
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("#result-count")).to_contain_text("32 entries")
    expect(page.locator("#results")).to_be_focused()
    expect(page.locator("#result-count")).to_be_in_viewport()
    expect(page.locator(".evidence-table tbody tr")).to_have_count(25)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert_accessible()


def test_the_address_is_copied_and_it_is_said(page: Page, site: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/evidence/")
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    expect(page.locator(".chip").first).to_be_visible()
    page.locator("summary", has_text="Download and share").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").endswith("/evidence/?autoantibody=anti-mda5")
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()


def test_without_scripts_buttons_do_it(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/evidence/")
    expect(page.get_by_label("Narrow the list: autoantibody")).to_be_hidden()
    page.get_by_role("checkbox", name="Anti-MDA5").check()
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("#result-count")).to_contain_text("32 entries")
    page.get_by_label("Order by").select_option("Newest first")
    page.get_by_role("button", name="Order", exact=True).click()
    expect(page.get_by_label("Order by")).to_have_value("-year")
    expect(page.locator("#result-count")).to_contain_text("32 entries")
    page.get_by_role("link", name="Table", exact=True).click()
    page.locator("summary", has_text="Columns").click()
    page.get_by_role("checkbox", name="Regimen").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Regimen")).to_be_visible()
    page.locator("summary", has_text="Download and share").click()
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV of entries").click()
    assert download.value.suggested_filename.startswith("dermatomyositis-evidence-r")
    context.close()
