"""What production insists on, and what development makes for itself. Each test starts the program anew."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PRODUCTION = {
    "KNOWLEDGEBASE_ENV": "production",
    "KNOWLEDGEBASE_SECRET_KEY": "correct-horse-battery-staple-correct-horse-battery-staple",
    "KNOWLEDGEBASE_SITE_URL": "https://kb.example.org",
    "DATABASE_URL": "postgresql://kb:s3cret@db.example.org:5432/kb",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with these variables and none that are set here."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KNOWLEDGEBASE_", "DJANGO_", "DATABASE_URL"))
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], env={**inherited, **environment}, capture_output=True, text=True
    )


def refusal(**environment: str) -> str:
    finished = manage("check", **environment)
    assert finished.returncode == 1
    assert finished.stdout == ""
    return finished.stderr.strip()


def test_production_passes_djangos_deployment_checks():
    finished = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert finished.returncode == 0, finished.stderr


@pytest.mark.parametrize("name", ["KNOWLEDGEBASE_SECRET_KEY", "DATABASE_URL", "KNOWLEDGEBASE_SITE_URL"])
def test_production_names_what_is_missing(name: str):
    assert refusal(**{**PRODUCTION, name: ""}) == (
        f"Not started: in production {name} must be set; docs/operations.md says what to put there."
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"KNOWLEDGEBASE_ENV": "prod"}, "must be 'development' or 'production'"),
        ({"KNOWLEDGEBASE_SECRET_KEY": "short"}, "at least 50 random characters"),
        ({"KNOWLEDGEBASE_SECRET_KEY": "a" * 60}, "at least 50 random characters"),
        ({"KNOWLEDGEBASE_HSTS_SECONDS": "a year"}, "KNOWLEDGEBASE_HSTS_SECONDS"),
        ({"KNOWLEDGEBASE_LOG_LEVEL": "loud"}, "KNOWLEDGEBASE_LOG_LEVEL is 'LOUD'; it must be one of"),
        ({"KNOWLEDGEBASE_DEBUG": "on"}, "shows source code and settings to visitors"),
        ({"KNOWLEDGEBASE_SITE_URL": "kb.example.org"}, "must be a scheme and a host"),
        ({"DATABASE_URL": "mysql://kb:s3cret@db.example.org/kb"}, "address of a PostgreSQL database"),
        ({"DATABASE_URL": "db.example.org"}, "address of a PostgreSQL database"),
        ({"DATABASE_URL": "postgresql://kb:s3cret@db.example.org"}, "address of a PostgreSQL database"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence_without_secrets(changes: dict[str, str], sentence: str):
    said = refusal(**{**PRODUCTION, **changes})
    assert sentence in said
    assert "\n" not in said
    assert "s3cret" not in said


def test_the_server_refuses_in_the_same_words():
    finished = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "python:knowledgebase.serving", "knowledgebase.wsgi"],
        env={**os.environ, **PRODUCTION, "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.returncode != 0
    assert finished.stderr.startswith("Not started: in production DATABASE_URL must be set")


def test_development_keeps_a_key_of_its_own_that_nobody_else_can_read(tmp_path: Path):
    show = ("shell", "-v", "0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    first = manage(*show, KNOWLEDGEBASE_DATA_DIR=str(tmp_path / "a"))
    assert first.returncode == 0, first.stderr
    assert len(first.stdout.strip()) >= 50
    assert manage(*show, KNOWLEDGEBASE_DATA_DIR=str(tmp_path / "a")).stdout == first.stdout
    assert manage(*show, KNOWLEDGEBASE_DATA_DIR=str(tmp_path / "b")).stdout != first.stdout
    assert (tmp_path / "a" / "secret-key").stat().st_mode & 0o077 == 0


def test_a_data_directory_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path):
    file = tmp_path / "file"
    file.touch()
    said = refusal(KNOWLEDGEBASE_DATA_DIR=str(file))
    assert said.startswith(f"Not started: KNOWLEDGEBASE_DATA_DIR is {file}")
    assert "\n" not in said


def test_production_serves_static_files_under_names_that_never_change(tmp_path: Path):
    environment = {**PRODUCTION, "KNOWLEDGEBASE_STATIC_ROOT": str(tmp_path)}
    finished = manage("collectstatic", "--no-input", "-v", "0", **environment)
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "staticfiles.json").exists()
    assert list((tmp_path / "admin" / "css").glob("base.*.css.gz"))


@pytest.mark.parametrize("path", ["/admin/login/", "/no-such-page/", "/healthz"])
def test_every_answer_but_a_probes_forbids_everything_from_elsewhere(client, db, path: str):
    policy = client.get(path).headers.get("Content-Security-Policy", "")
    if path == "/healthz":
        assert policy == ""
    else:
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
