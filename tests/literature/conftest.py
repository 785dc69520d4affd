"""The services of others, on this machine; nothing here asks the real ones."""

import pytest

from tests.literature.stand_in import Running


@pytest.fixture
def services(settings, monkeypatch):
    """A stand-in for PubMed, Crossref and ClinicalTrials.gov, which the site is told to ask, and less patience."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with Running() as stand_in:
        settings.EUTILITIES_URL = f"{stand_in.url}/eutils"
        settings.CROSSREF_URL = f"{stand_in.url}/crossref"
        settings.CLINICALTRIALS_URL = f"{stand_in.url}/ctgov"
        settings.LITERATURE_EMAIL = "curator@kb.example"
        settings.NCBI_API_KEY = "made-up-key"
        settings.LITERATURE_READ_TIMEOUT = 0.5
        settings.LITERATURE_BACKOFF = 0.01
        settings.LITERATURE_LONGEST_WAIT = 1
        yield stand_in
