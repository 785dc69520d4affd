"""Which code is running."""

import pytest

from treatments.middleware.code_version import code_version, fingerprint


@pytest.fixture
def project(tmp_path):
    for name in ("requirements.lock", "treatments/models.py", "templates/page.html", "static/style.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    "name", ["requirements.lock", "treatments/models.py", "templates/page.html", "static/style.css", "static/new.js"]
)
def test_any_change_of_what_shapes_an_answer_is_another_version(project, name):
    before = fingerprint(project)
    (project / name).write_text("changed")
    assert fingerprint(project) != before


def test_nothing_else_is(project):
    before = fingerprint(project)
    (project / "treatments" / "notes.orig").write_text("changed")
    (project / "var").mkdir()
    (project / "var" / "log.py").write_text("changed")
    assert fingerprint(project) == before


def test_moving_text_between_files_is_another_version(project):
    before = fingerprint(project)
    (project / "treatments/models.py").rename(project / "treatments/views.py")
    assert fingerprint(project) != before


def test_it_is_worked_out_once(settings):
    assert code_version() is code_version()
    settings.DEBUG = True
    assert code_version() is not code_version()
