"""The container files hand on what the settings read; nothing here starts a container."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

# What the image itself decides, and what is for development.
NOT_HANDED_ON = {
    "KNOWLEDGEBASE_ENV",
    "KNOWLEDGEBASE_STATIC_ROOT",
    "KNOWLEDGEBASE_DATA_DIR",
    "KNOWLEDGEBASE_DEBUG",
}
# How each is read, and its default where that is a plain text.
READ = re.compile(r'env\.\w+\("(KNOWLEDGEBASE_\w+)"(?:, default="([^"]*)")?')


def read_by_settings() -> dict[str, str]:
    found = READ.findall((Path(settings.BASE_DIR) / "knowledgebase" / "settings.py").read_text())
    return {name: default for name, default in found if name not in NOT_HANDED_ON}


def handed_on() -> dict[str, str]:
    compose = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text())
    return dict(compose["services"]["web"]["environment"])


@pytest.mark.parametrize("name", read_by_settings())
def test_every_setting_reaches_the_container(name):
    assert f"${{{name}:" in handed_on().get(name, "")


@pytest.mark.parametrize(("name", "default"), [(name, text) for name, text in read_by_settings().items() if text])
def test_a_setting_left_alone_is_in_a_container_what_it_is_elsewhere(name, default):
    assert f":-{default}}}" in handed_on()[name]
