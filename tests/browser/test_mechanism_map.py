"""The mechanism map where only a browser can tell: how text comes out, keyboard, pointer, small screens, print."""

import re

from playwright.sync_api import Browser, Page, expect

PHONE = {"width": 360, "height": 740}


def test_no_text_leaves_its_box_in_the_fonts_of_this_system(page: Page, site: str):
    page.goto(f"{site}/mechanisms/")
    outside = page.evaluate(
        """() => {
            const leaves = (text, box) => {
                const [inner, outer] = [text.getBoundingClientRect(), box.getBoundingClientRect()];
                return inner.left < outer.left || inner.right > outer.right || inner.top < outer.top
                    || inner.bottom > outer.bottom;
            };
            const map = document.querySelector("#mechanism-map");
            const chips = [...map.querySelectorAll(".treatment")]
                .filter((chip) => leaves(chip.querySelector("text"), chip.querySelector("rect")));
            const names = [...map.querySelectorAll("g.pathway")].flatMap((pathway) => {
                const frame = map.querySelector(`.frame[data-pathway="${pathway.dataset.pathway}"]`);
                return [...pathway.querySelectorAll("text")].filter((text) => leaves(text, frame));
            });
            return [...chips, ...names].map((one) => one.textContent);
        }"""
    )
    assert outside == []


def test_the_keyboard_goes_through_the_map_in_reading_order_and_opens_a_treatment(page: Page, site: str):
    page.goto(f"{site}/mechanisms/")
    page.get_by_role("region", name="Mechanism map, can be scrolled").focus()
    links = page.locator("#mechanism-map a")
    for number in range(3):
        page.keyboard.press("Tab")
        expect(links.nth(number)).to_be_focused()
    wanted = page.locator("#mechanism-map a.treatment").first
    expect(wanted).to_be_focused()
    address = wanted.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))


def test_a_pathway_in_use_shows_its_arrows_and_the_legend_picks_out_stages(page: Page, site: str):
    page.goto(f"{site}/mechanisms/")
    arrows = page.locator("#mechanism-map .arrow.near")
    expect(arrows).to_have_count(0)
    page.locator("#mechanism-map .pathway[data-pathway='complement'] a.name").first.hover()
    expect(arrows).to_have_count(3)
    expect(page.locator("#mechanism-map .frame.near")).to_have_count(2)
    stage = page.get_by_role("button", name="Discontinued")
    stage.click()
    expect(stage).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#mechanism-map .treatment:not(.back) text")).to_have_text(["IMO-8400"])
    stage.click()
    expect(page.locator("#mechanism-map .treatment.back")).to_have_count(0)


def test_nothing_moves_when_the_script_makes_the_legend_pressable(browser: Browser, site: str):
    places = []
    for scripts in (False, True):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{site}/mechanisms/")
        if scripts:
            expect(page.get_by_role("button", name="Discontinued")).to_be_visible()
        places.append([mark.bounding_box() for mark in page.locator(".mechmap-keys svg").all()])
        places[-1].append(page.locator("#mechanism-map").bounding_box())
        context.close()
    assert places[0] == places[1]


def test_a_phone_shows_the_pathways_whole_and_scrolls_the_rest_at_full_size(page: Page, site: str):
    page.set_viewport_size(PHONE)
    page.goto(f"{site}/mechanisms/")
    outline = page.locator("#map-of-pathways")
    expect(outline).to_be_visible()
    assert outline.evaluate("(one) => one.getBoundingClientRect().right <= innerWidth")
    region = page.get_by_role("region", name="Mechanism map, can be scrolled")
    assert region.evaluate("(one) => one.scrollWidth > one.clientWidth && one.scrollHeight > one.clientHeight")
    assert page.locator("#mechanism-map").evaluate("(one) => one.getBoundingClientRect().width") == 1200
    page.goto(f"{site}/treatments/tofacitinib/")
    expect(page.locator("#pathways-narrow")).to_be_visible()
    expect(page.locator("#pathways-wide")).to_be_hidden()


def test_the_map_prints_whole_on_the_width_of_a_sheet(page: Page, site: str):
    page.set_viewport_size({"width": 700, "height": 1000})
    page.goto(f"{site}/mechanisms/")
    page.emulate_media(media="print")
    assert page.locator("#mechanism-map").evaluate("(one) => one.getBoundingClientRect().right <= innerWidth")


def test_the_svg_file_opens_by_itself_with_its_own_style(browser: Browser, site: str):
    page = browser.new_page()
    mistakes: list[str] = []
    page.on("console", lambda message: mistakes.append(message.text))
    page.goto(f"{site}/mechanisms/map.svg")
    style = "(one) => getComputedStyle(one).fill"
    assert page.locator(".paper").evaluate(style) == "rgb(248, 247, 250)"
    assert not [text for text in mistakes if "Content Security Policy" in text]
    page.close()
