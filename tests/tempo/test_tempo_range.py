"""What a user knows of a tempo, and how it is said wrongly."""

import pytest

from charter.errors import RequestError
from charter.tempo.tempo_range import FASTEST_LIKELY_BPM, SLOWEST_LIKELY_BPM, TempoRange


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("90-180", TempoRange(90, 180)),
        (" 90.5 - 180 ", TempoRange(90.5, 180)),
        ("20-1000", TempoRange(20, 1000)),
        ("140-140", TempoRange(140, 140)),
    ],
)
def test_a_range_in_words(words, expected):
    assert TempoRange.parse(words) == expected


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("180-90", "the BPM range 180-90 goes from fast to slow; did you mean 90-180\\?"),
        ("abc", "'abc' is no range of BPM; expected the slowest and the fastest, such as 90-180"),
        ("", "'' is no range of BPM"),
        ("-", "'-' is no range of BPM"),
        ("138", "'138' is no range of BPM"),
        ("90-", "'90-' is no range of BPM"),
        ("-90", "'-90' is no range of BPM"),
        ("90-120-180", "'90-120-180' is no range of BPM"),
        ("90–180", "is no range of BPM"),  # noqa: RUF001  (a dash, as word processors write it)
        ("90,180", "'90,180' is no range of BPM"),
        ("a-b", "'a-b' is no range of BPM"),
        ("5-100", "a BPM of 5 is out of range; it goes from 20 to 1000"),
        ("100-5000", "a BPM of 5000 is out of range"),
        ("nan-nan", "a BPM of nan is out of range"),
        ("100-inf", "a BPM of inf is out of range"),
    ],
)
def test_words_that_are_no_range(words, cause):
    with pytest.raises(RequestError, match=cause) as caught:
        TempoRange.parse(words)
    assert "\n" not in str(caught.value)


def test_what_is_known_and_what_lies_in_it():
    assert TempoRange(140, 140).is_known
    assert not TempoRange(140, 141).is_known
    assert all(bpm in TempoRange(90, 180) for bpm in (90, 120, 180, 60 / (60 / 180)))
    assert not any(bpm in TempoRange(90, 180) for bpm in (89.9, 180.1, float("nan")))
    assert 60 / (60 / 140.3) in TempoRange(140.3, 140.3)


@pytest.mark.parametrize(
    ("tempos", "searched"),
    [
        (TempoRange(), (SLOWEST_LIKELY_BPM, FASTEST_LIKELY_BPM)),
        (TempoRange(100, 200), (SLOWEST_LIKELY_BPM, FASTEST_LIKELY_BPM)),
        (TempoRange(20, 60), (20, FASTEST_LIKELY_BPM)),
        (TempoRange(300, 1000), (SLOWEST_LIKELY_BPM, 1000)),
    ],
)
def test_rivals_outside_the_range_are_looked_for_too(tempos, searched):
    assert tempos.searched == searched
