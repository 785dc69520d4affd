"""Every page type, in both themes, on a phone and on a desk: nothing against WCAG 2.2 AA, and it fits the screen."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import builders

PAGES = {
    "home": "/",
    "methods": "/about/",
    "changes": "/changes/",
    "changes, filtered": "/changes/?treatment=ivig&autoantibody=anti-mda5",
    "changes, refused": "/changes/?since=yesterday",
    "finder": "/find/",
    "finder, answer": "/find/?autoantibody=anti-jo1&manifestation=interstitial-lung-disease&population=adult",
    "finder, refused": "/find/?autoantibody=anti-nothing&setting=any",
    "finder, behind a row": "/find/ivig/?autoantibody=anti-mda5&manifestation=rapidly-progressive-ild",
    "treatments": "/treatments/",
    "treatment": "/treatments/ivig/",
    "treatment, class": "/treatments/jak-inhibitors/",
    "comparison": "/compare/?treatment=baricitinib&treatment=brepocitinib",
    "comparison, refused": "/compare/?treatment=ivig&treatment=ivgi",
    "mechanisms": "/mechanisms/",
    "mechanisms, filtered": "/mechanisms/?kind=process",
    "mechanism": "/mechanisms/jak-stat/",
    "autoantibodies": "/autoantibodies/",
    "autoantibody": "/autoantibodies/anti-mda5/",
    "manifestations": "/manifestations/",
    "manifestation": "/manifestations/calcinosis/",
    "outcome measures": "/outcome-measures/",
    "outcome measure": "/outcome-measures/total-improvement-score/",
    "evidence levels": "/evidence-levels/",
    "evidence level": "/evidence-levels/2/",
    "certainty levels": "/certainty-levels/",
    "certainty level": "/certainty-levels/low/",
    "references": "/references/",
    "reference": "/references/aggarwal-2022-ivig/",
    "trials": "/trials/",
    "trial": "/trials/NCT02728752/",
    "evidence list": "/evidence/",
    "evidence list, filtered": "/evidence/?autoantibody=anti-mda5&direction=mixed",
    "evidence list, table": "/evidence/?view=table&column=results&column=regimen&autoantibody=anti-mda5",
    "evidence list, refused": "/evidence/?level=9&search=%5B",
    "evidence list, empty": "/evidence/?treatment=probenecid&direction=harm",
    "evidence map": "/map/?mechanism=jak-stat",  # with every kind of row; axe takes a minute for the whole table
    "evidence map, manifestations": "/map/?columns=manifestation&group=kind&empty=show&treatment_kind=blood_product",
    "evidence map, refused": "/map/?columns=colour",
    "evidence map, empty": "/map/?treatment=probenecid&level=1",
    "evidence": "/evidence/EV00120/",
    "evidence version": "/evidence/EV00001/v1/",
    "phenotype associations": "/phenotype-associations/",
    "phenotype association": "/phenotype-associations/PA00001/",
    "phenotype association version": "/phenotype-associations/PA00001/v1/",
    "recommendations": "/recommendations/",
    "recommendation": "/recommendations/RC00001/",
    "recommendation version": "/recommendations/RC00001/v1/",
    "appraisals": "/appraisals/",
    "releases": "/releases/",
    "release": "/releases/2026-11/",
    "plots": "/plots/",
    "plots of a treatment": "/treatments/ivig/plots/",
    "search": "/search/",
    "search, found": "/search/?q=Xeljanz",
    "search, one kind": "/search/?q=calcinossis&kind=reference",
    "search, nothing found": "/search/?q=abrocitinib",
    "search, refused": "/search/?q=%5B",
    "not found": "/nothing/",
    "unreadable": "/evidence/?search=%FF",
}
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
LOOKS = ((PHONE, "dark"), (DESK, "light"))  # each size and each theme once: axe takes its time


def assert_accessible_and_fitting(page: Page, assert_accessible: Callable[[], None]) -> None:
    """That what ``page`` shows is accessible, and no wider than the window, in every look."""
    for size, theme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=theme)
        assert_accessible()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px wider than a screen of {size['width']} px"


@pytest.mark.parametrize("path", PAGES.values(), ids=list(PAGES))
def test_a_page_is_accessible_and_fits_in_both_themes_and_sizes(
    page: Page, site: str, assert_accessible: Callable[[], None], path: str
):
    page.goto(site + path)
    assert_accessible_and_fitting(page, assert_accessible)


def test_pages_of_what_no_longer_stands_are_accessible_and_fit(
    page: Page, live_server: LiveServer, assert_accessible: Callable[[], None]
):
    claim = builders.replaced(builders.published(builders.evidence()), change_note="Made up.")
    withdrawn = builders.retracted(builders.published(builders.evidence()))
    retired = builders.treatment(
        successor=builders.treatment(), retired_on=date(2026, 11, 1), retirement_reason="Entered twice."
    )
    addresses = [record.get_absolute_url() for record in (withdrawn, retired)]
    for address in [*addresses, claim.get_version_url(), withdrawn.get_version_url()]:
        page.goto(live_server.url + address)
        assert_accessible_and_fitting(page, assert_accessible)


def test_pages_with_an_appraisal_are_accessible_and_fit(
    page: Page, live_server: LiveServer, assert_accessible: Callable[[], None]
):
    drug, antibody, feature = builders.treatment(), builders.autoantibody(), builders.manifestation()
    lists = {"autoantibodies": [antibody], "manifestations": [feature]}
    basis = [builders.published(builders.evidence(treatment=drug, **lists)) for _ in range(3)]
    appraisal = builders.published(
        builders.appraisal(treatment=drug, manifestation=feature, autoantibody=antibody, rests_on=basis)
    )
    builders.retracted(basis[0])  # so that every page shows the mark
    asked = f"/find/?autoantibody={antibody.slug}&manifestation={feature.slug}"
    for address in [drug.get_absolute_url(), appraisal.get_absolute_url(), "/appraisals/", asked]:
        page.goto(live_server.url + address)
        assert_accessible_and_fitting(page, assert_accessible)


@pytest.mark.parametrize(
    "path",
    ["/", "/evidence/?direction=harm", "/treatments/ivig/", "/treatments/ivig/plots/", "/plots/", "/evidence/EV00120/"],
)
def test_open_menus_and_folds_are_accessible_and_fit_too(
    page: Page, site: str, assert_accessible: Callable[[], None], path: str
):
    page.set_viewport_size(PHONE)
    page.goto(site + path)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.emulate_media(color_scheme="dark")
    assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(
    "path", ["/", "/find/?manifestation=calcinosis", "/evidence/", "/treatments/ivig/", "/autoantibodies/anti-mda5/"]
)
def test_what_can_be_pressed_is_large_enough(page: Page, site: str, path: str):
    """WCAG 2.2, 2.5.8: 24 px, but for links in running text."""
    page.set_viewport_size(PHONE)
    page.goto(site + path)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, input, select, nav a, .chip, .entry-meta a, .lines a")]
            .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
            .map((one) => [one.closest("label") ?? one, one.textContent.trim()])
            .map(([one, name]) => [one.getBoundingClientRect(), name])
            .filter(([box]) => box.height < 24 || box.width < 24)
            .map(([box, name]) => `${name}: ${box.width} x ${box.height}`)"""
    )
    assert small == []


def test_nothing_moves_while_a_page_loads(page: Page, site: str):
    page.goto(site + "/treatments/ivig/")
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
