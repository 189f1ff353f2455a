from __future__ import annotations

import tomllib
from dataclasses import asdict

import pytest

from ncp import config
from ncp.errors import DocumentError


def test_an_empty_file_means_the_defaults() -> None:
    assert config.parse("") == config.Settings()
    assert config.Settings().default_timeout_seconds == 300


def test_every_setting_can_be_set() -> None:
    text = """
target = "cron"
default_timeout_seconds = 1.5
concurrency = 4
home_concurrency = 8
retention_days = 30
retention_per_task = 0
lock_timeout_seconds = 0
output_limit_bytes = 1024
capture_environment = ["PATH", "EDITOR"]
"""
    assert asdict(config.parse(text)) == {
        "target": "cron",
        "default_timeout_seconds": 1.5,
        "concurrency": 4,
        "home_concurrency": 8,
        "retention_days": 30,
        "retention_per_task": 0,
        "lock_timeout_seconds": 0,
        "output_limit_bytes": 1024,
        "capture_environment": ("PATH", "EDITOR"),
    }


def test_the_tables_know_every_setting_and_each_example_is_right() -> None:
    assert list(config.SETTINGS) == list(asdict(config.Settings()))
    text = "\n".join(f"{key} = {row.example}" for key, row in config.SETTINGS.items())
    assert config.parse(text) != config.Settings()


COMPLAINTS = [
    ("targt = 1", "config.toml", '"targt" is not a setting', "Did you mean target?"),
    ("x = 1", "config.toml", '"x" is not a setting', "The settings are target, "),
    ("target = ", "config.toml", "Not valid TOML", "by hand"),
    ('target = "a"\ntarget = "b"', "config.toml", "Not valid TOML", "by hand"),
    ("target = 5", "config.toml: target", "5 is not the name of", 'target = "systemd"'),
    ("concurrency = 1.5", "config.toml: concurrency", "1.5 is not a count", "concurrency = 4"),
    ("concurrency = true", "config.toml: concurrency", "True is not a count", "concurrency = 4"),
    *(
        (
            f"default_timeout_seconds = {bad}",
            "config.toml: default_timeout_seconds",
            "not a number of",
            "= 300",
        )
        for bad in ("inf", "nan", "1e300")
    ),
    ("output_limit_bytes = 9", "config.toml: output_limit_bytes", "1024 or more", "= 1048576"),
    *(
        (f"home_concurrency = {bad}", "config.toml: home_concurrency", "is not a count", "= 8")
        for bad in ("-1", "0.5", '"four"', "true")
    ),
    ("concurrency = -1", "config.toml: concurrency", "-1 is not a count", "concurrency = 4"),
    (
        'default_timeout_seconds = "5 mins ago"',
        "config.toml: default_timeout_seconds",
        "'5 mins ago' is not a number of seconds",
        "default_timeout_seconds = 300",
    ),
    (
        "capture_environment = 'PATH'",
        "config.toml: capture_environment",
        "'PATH' is not a list of names",
        '["PATH", "LANG"]',
    ),
    (
        "capture_environment = ['']",
        "config.toml: capture_environment",
        "[''] is not a list of names",
        '["PATH", "LANG"]',
    ),
]


@pytest.mark.parametrize(("text", "where", "what", "next_step"), COMPLAINTS)
def test_each_complaint_names_the_setting_the_problem_and_what_to_write(
    text: str, where: str, what: str, next_step: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        config.parse(text)
    error = caught.value
    assert error.where == where
    assert what in error.what
    assert next_step in error.next_step


def test_recording_a_target_keeps_everything_else_as_it_was_written() -> None:
    before = '# mine\nconcurrency = 4   # four\n\n\ncapture_environment = [\n  "PATH", # ours\n]\n'
    after = config.with_target(before, "cron")
    assert after.startswith(before)
    assert config.parse(after) == config.Settings(
        target="cron", concurrency=4, capture_environment=("PATH",)
    )


def test_another_target_takes_the_place_of_the_first() -> None:
    text = config.with_target('target = "cron"  # why\nconcurrency = 1\n', "systemd")
    assert tomllib.loads(text) == {"target": "systemd", "concurrency": 1}
    assert "# why" in text


def test_a_new_file_says_where_its_keys_are_listed() -> None:
    text = config.with_target("", "cron")
    assert text.startswith("# Settings of this ncp home")
    assert tomllib.loads(text) == {"target": "cron"}
