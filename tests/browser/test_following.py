"""Citing a page, with and without scripts. That no page's block of data breaks its policy, every test here checks."""

from playwright.sync_api import Browser, Page, expect


def test_a_citation_is_copied_and_said_to_be(page: Page, site: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/evidence/EV00001/")
    page.get_by_text("Cite this page").press("Enter")
    text = page.locator(".cite-text")
    expect(text).to_contain_text("EV00001, version 1")
    page.get_by_role("button", name="Copy", exact=True).press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert page.evaluate("navigator.clipboard.readText()") == text.inner_text()


def test_without_scripts_a_citation_can_be_read_and_followed(browser: Browser, site: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/treatments/ivig/")
    page.get_by_text("Cite this page").click()
    expect(page.locator(".cite-text")).to_be_visible()
    expect(page.get_by_role("button", name="Copy", exact=True)).to_be_hidden()
    page.get_by_role("link", name="What changed here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changes")
    expect(page.get_by_text("evidence entries")).to_be_visible()
    context.close()


def test_a_page_that_changes_in_place_is_cited_at_its_new_address(page: Page, site: str):
    page.goto(f"{site}/evidence/")
    page.get_by_text("Cite this page").click()
    expect(page.locator(".cite-text")).to_contain_text("/evidence/")
    page.evaluate(
        """() => {
            const link = document.createElement("a");
            link.textContent = "Narrow in place";
            link.href = "?treatment=ivig&level=2";
            const how = { get: link.href, "push-url": "true", select: ".listing", target: ".listing" };
            for (const [name, value] of Object.entries(how)) link.setAttribute(`hx-${name}`, value);
            document.querySelector(".page-head").append(link);
            htmx.process(link);
        }"""
    )
    page.get_by_role("link", name="Narrow in place").click()
    expect(page.locator(".cite-text")).to_contain_text("/evidence/?treatment=ivig&level=2")
    copied = page.locator(".cite [data-copy]").get_attribute("data-copy")
    assert copied == page.locator(".cite-text").inner_text()
