import numpy as np

from charter.arrange.harmony import find_harmony

CHORDS = {"C": (0, 4, 7), "Am": (9, 0, 4), "F": (5, 9, 0), "G": (7, 11, 2)}


def heard(names: list[str], noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    chroma, bass = noise * rng.uniform(size=(2, len(names), 12))
    for number, name in enumerate(names):
        chroma[number, list(CHORDS[name])] += 1
        bass[number, CHORDS[name][0]] += 1
    return chroma, bass


def test_chords_and_key_of_a_turnaround() -> None:
    names = ["C", "Am", "F", "G"] * 4
    harmony = find_harmony(*heard(names, noise=0.3))
    assert harmony.chords == [CHORDS[name] for name in names]
    assert np.flatnonzero(harmony.in_key).tolist() == [0, 2, 4, 5, 7, 9, 11]


def test_a_passing_smudge_does_not_change_the_chord() -> None:
    chroma, bass = heard(["C"] * 8)
    chroma[4, [9, 11]] += 0.6
    assert find_harmony(chroma, bass).chords == [CHORDS["C"]] * 8


def test_nothing_heard() -> None:
    harmony = find_harmony(np.zeros((3, 12)), np.zeros((3, 12)))
    assert len(harmony.chords) == 3
    assert harmony.in_key.all()
    assert find_harmony(np.zeros((0, 12)), np.zeros((0, 12))).chords == []
