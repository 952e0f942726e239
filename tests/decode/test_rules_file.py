"""Rules of one's own: what they change, and what is said of a file that is wrong."""

from dataclasses import replace

import pytest

from charter.decode.rules import RULES
from charter.decode.rules_file import step_rules
from charter.errors import RequestError
from charter.notation import Difficulty


def test_without_a_file_the_table_holds():
    assert step_rules() == dict(RULES)


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("hard: {fastest_jack: 0.2, crossovers: false}\nEasy:\n  mines: true\n  shortest_hold: 1\n")
    rules = step_rules(path)
    assert rules == {
        **RULES,
        Difficulty.HARD: replace(RULES[Difficulty.HARD], fastest_jack=0.2, crossovers=False),
        Difficulty.EASY: replace(RULES[Difficulty.EASY], mines=True, shortest_hold=1.0),
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_of_a_windows_editor(tmp_path, encoding):
    path = tmp_path / "rules.yaml"
    path.write_bytes("# für uns\r\nhard:\r\n  crossovers: false\r\n".encode(encoding))
    assert step_rules(path)[Difficulty.HARD] == replace(RULES[Difficulty.HARD], crossovers=False)


def test_what_is_switched_off_is_off_everywhere_whatever_the_file_says(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("easy: {mines: true, jumps: true}")
    rules = step_rules(path, mines=False, jumps=False, holds=True)
    assert not any(rule.mines or rule.jumps for rule in rules.values())
    assert all(rule.holds for rule in rules.values())


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("lunatic: {mines: true}", "no difficulty is called 'lunatic'"),
        ("hard: {fastest_jak: 0.2}", "hard: no rule is called 'fastest_jak'; there are fastest_row, "),
        ("hard: {fastest_jack: quick}", "hard: fastest_jack is 'quick'; it must be a number of seconds"),
        ("hard: {fastest_jack: -0.1}", "hard: fastest_jack is -0.1; it must be a number of seconds"),
        ("hard: {fastest_jack: .nan}", "hard: fastest_jack is nan; it must be a number of seconds"),
        ("hard: {fastest_jack: .inf}", "hard: fastest_jack is inf; it must be a number of seconds"),
        ("hard: {fastest_jack: true}", "hard: fastest_jack is True; it must be a number of seconds"),
        ("hard: {fastest_jack: }", "hard: fastest_jack is None; it must be a number of seconds"),
        ("hard: {mines: 1}", "hard: mines is 1; it must be true or false"),
        ("hard: {mines: 'no'}", "hard: mines is 'no'; it must be true or false"),
        ("hard: fast", "hard: expected settings, such as {crossovers: false}"),
        ("hard:", "hard: expected settings"),
        ("- hard", "expected a difficulty on each line"),
        ("", "expected a difficulty on each line"),
        ("hard: {mines: [", "is no YAML"),
        ("1: {mines: true}", "no difficulty is called '1'"),
        ("hard: {fastest_jack: 2026-13-45}", "is no YAML"),
        ("hard: {fastest_jack: !!int foo}", "is no YAML"),
        ("[" * 3000, "is no YAML"),
        ("hard: {mines: true}\nHard: {mines: false}", "Hard stands there twice"),
        ("hard: {mines: true}\nhard: {mines: false}", "hard stands there twice"),
        ("hard: {mines: true, jumps: true, mines: false}", "hard: mines stands there twice"),
        ("hard: {mines: !!bool x}", "is no YAML"),
        ("hard: {fastest_jack: !!float }", "is no YAML"),
        ("hard: {fastest_jack: !!timestamp x}", "is no YAML"),
        ('hard: "\\UFFFFFFFF"', "is no YAML"),
        (f"hard: {{fastest_jack: 0x{'f' * 5000}}}", "is no YAML"),
        ("hard: {fastest_jack: !!python/object:os.system x}", "is no YAML"),
        ("hard: {fastest_jack: [1, 2]}", "fastest_jack is 'a list'; it must be a number of seconds"),
        ("a: " + "x" * 20_000, "has over 20 kB; a file of rules has a few lines"),
    ],
)
def test_a_bad_file_names_itself_and_the_mistake_in_one_line(tmp_path, text, cause):
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(RequestError) as caught:
        step_rules(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert cause in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("use", ["hard: {fastest_jack: *z}", "hard: *z", "hard: {<<: *z}"])
def test_aliases_of_aliases_are_not_written_out(tmp_path, use):
    """Ten aliases of ten aliases, and so on: written out, more than any memory holds."""
    last, lines = "x", []
    for name in "abcdefghijklmnopqrstuvwxyz":
        lines.append(f"{name}: &{name} {{<<: [{last}]}}" if name > "a" else "a: &a {mines: true}")
        last = ", ".join([f"*{name}"] * 10)
    path = tmp_path / "rules.yaml"
    path.write_text("\n".join([*lines, use]))
    with pytest.raises(RequestError, match=r"no rule is called '<<'|no difficulty is called 'a'"):
        step_rules(path)


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(RequestError, match=r"gone.yaml: cannot be read \(No such file or directory\)"):
        step_rules(tmp_path / "gone.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00hard")
    with pytest.raises(RequestError, match=r"bytes.yaml: is no YAML"):
        step_rules(tmp_path / "bytes.yaml")
