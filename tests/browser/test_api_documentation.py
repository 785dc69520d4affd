"""The two pages that show the API, under the site's own policy and without a network."""

from playwright.sync_api import Page, expect


def test_swagger_ui_shows_the_api_and_tries_a_call(page: Page, site: str) -> None:
    page.goto(f"{site}/api/v1/docs/")
    page.locator("#operations-tag-evidence-levels").click()
    page.locator("#operations-evidence-levels-evidence_levels_list .opblock-summary-control").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table .response-col_status").last).to_contain_text("200")


def test_redoc_shows_the_api(page: Page, site: str) -> None:
    for _ in range(2):  # the second time from the browser's own copy
        page.goto(f"{site}/api/v1/redoc/")
        heading = page.locator("h2", has_text="List evidence").first
        expect(heading).to_be_visible(timeout=30_000)  # it draws everything at once
