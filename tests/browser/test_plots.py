"""Plots as a reader sees them: in the theme and at the width of the page, and on their own."""

from playwright.sync_api import Page, expect

PLOTS = "/treatments/ivig/plots/"


def shown(page: Page, theme: str):
    """The first plot of the page in ``theme``."""
    return page.locator(f".plot-{theme} img").first


def expect_loaded(page: Page, theme: str, address: str) -> None:
    """The first plot is shown from ``address``, and has arrived."""
    image = shown(page, theme)
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("currentSrc", address)
    expect(image).not_to_have_js_property("naturalWidth", 0)


def test_a_plot_follows_the_theme_the_width_and_the_printer(page: Page, site: str):
    file = f"{site}/charts/treatments/ivig/results/response-rate"
    page.emulate_media(color_scheme="light")
    page.goto(site + PLOTS)
    expect(shown(page, "dark")).to_be_hidden()
    expect_loaded(page, "light", f"{file}.svg")

    page.get_by_role("button", name="Switch to dark").click()
    expect(shown(page, "light")).to_be_hidden()
    expect_loaded(page, "dark", f"{file}.dark.svg")

    page.set_viewport_size({"width": 360, "height": 740})
    expect_loaded(page, "dark", f"{file}.narrow.dark.svg")
    width = shown(page, "dark").evaluate("image => image.getBoundingClientRect().width")
    assert 300 < width <= 360, "the letters of a plot must not shrink on a phone"

    page.emulate_media(media="print", color_scheme="dark")
    expect(shown(page, "light")).to_be_visible()
    expect(shown(page, "dark")).to_be_hidden()


def test_a_plot_opens_on_its_own_and_breaks_no_policy(page: Page, site: str):
    page.goto(site + PLOTS)
    with page.expect_download() as download:
        page.get_by_role("link", name="SVG of this plot").first.click()
    assert download.value.suggested_filename == "ivig-response-rate-results.svg"
    page.goto(site + "/charts/treatments/ivig/results/response-rate.svg")
    expect(page.locator("svg > title")).to_have_text(
        "Intravenous immunoglobulin (IVIG): Response as defined by the study"
    )
    expect(page.get_by_text("95 % CI 42.8 to 94.5, computed", exact=True)).to_be_visible()
