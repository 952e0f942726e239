"""Where fonts come from."""

import os
import stat
from pathlib import Path

import pytest

from export.art import fonts
from export.art.fonts import BUILT_IN, Face, faces_for, language_of


@pytest.fixture
def fontconfig(tmp_path, monkeypatch):
    """A stand-in for fc-match: call it with what it shall do, then read what it was asked."""

    def stand_in(script: str) -> Path:
        program = tmp_path / "fc-match"
        program.write_text(f'#!/bin/sh\nprintf "%s" "$3" > {tmp_path}/asked\n{script}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return tmp_path / "asked"

    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin{os.pathsep}/usr/bin")
    monkeypatch.setattr(fonts, "_KNOWN_FILES", ())
    fonts._of_fontconfig.cache_clear()
    yield stand_in
    fonts._of_fontconfig.cache_clear()


def test_the_system_is_asked_for_what_is_needed(fontconfig, dejavu, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(fonts, "_KNOWN_FILES", ())
    asked = fontconfig(f"printf '{dejavu.file}\\t0'")
    monkeypatch.setenv("PATH", f"{asked.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    assert list(faces_for(frozenset("夜a"), "ja")) == [BUILT_IN, dejavu]
    assert asked.read_text() == "sans:bold:lang=ja:charset=61 591c"


@pytest.mark.parametrize(
    "script",
    ["exit 1", "true", "printf 'nonsense'", "printf '/no/such/font.ttf\\t0'", "printf '\\t'", "printf '\\377\\t0'"],
)
def test_a_system_that_answers_badly(fontconfig, script):
    fontconfig(script)
    assert list(faces_for(frozenset("夜"), "ja")) == [BUILT_IN]


def test_a_system_that_does_not_answer(fontconfig, monkeypatch):
    monkeypatch.setattr(fonts, "_ANSWER_SECONDS", 0.1)
    fontconfig("exec sleep 20")
    assert list(faces_for(frozenset("夜"), "ja")) == [BUILT_IN]


def test_a_file_that_is_no_font(tmp_path, monkeypatch):
    (tmp_path / "broken.ttf").write_text("no font")
    monkeypatch.setattr(fonts, "_of_fontconfig", lambda characters, language: (Face(str(tmp_path / "broken.ttf")),))
    monkeypatch.setattr(fonts, "_KNOWN_FILES", ())
    assert list(faces_for(frozenset("夜"), "ja")) == [BUILT_IN]


def test_what_a_font_has(dejavu):
    assert all(map(BUILT_IN.has, "Az09 &…"))
    assert not any(map(BUILT_IN.has, "éЯ夜م🎉"))
    assert all(map(dejavu.has, "éЯم☆"))
    assert not any(map(dejavu.has, "夜🎉"))


@pytest.mark.parametrize(
    ("text", "language"),
    [("夜明け", "ja"), ("ミク", "ja"), ("東京", "ja"), ("안녕 世界", "ko"), ("Dawn", ""), ("Привет", ""), ("", "")],
)
def test_languages(text, language):
    assert language_of(text) == language
