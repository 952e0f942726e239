"""The table of preview passages: human windows are read, and picks are set beside them."""

import re

import pytest
import torch

from charter.errors import RequestError
from charter.model.config import SectionConfig
from charter.model.sections import SectionNet
from charter.notation import PreviewWindow
from training.previews import _figures, chosen_songs, fit_shipped, picks_by_charts, preview_tables
from training.synthetic import write_corpus


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return SectionNet(SectionConfig(channels=2, width=8)).eval()


@pytest.fixture
def corpus(tmp_path):
    """The synthetic song of 26 s, in two splits, with a window from its third measure on."""
    write_corpus(tmp_path)
    for chart in (tmp_path / "songs").glob("*/chart.ssc"):
        text = chart.read_text(encoding="utf-8")
        window = {"#SAMPLESTART:;": "#SAMPLESTART:3.7;", "#SAMPLELENGTH:;": "#SAMPLELENGTH:12.8;"}
        for empty, filled in window.items():
            text = text.replace(empty, filled, 1)
        chart.write_text(text, encoding="utf-8")
    return tmp_path / "songs", tmp_path / "songs.tsv"


def test_figures_of_a_pick():
    shared, covered, near, seconds = _figures(PreviewWindow(10, 20), PreviewWindow(11, 10))
    assert (shared, covered, near, seconds) == pytest.approx((0.5, 1.0, 1.0, 20.0))
    assert _figures(PreviewWindow(10, 5), PreviewWindow(20, 10))[:3] == pytest.approx((0, 0, 0))


def test_windows_are_read_with_the_song(corpus, net):
    (song,) = chosen_songs(*corpus, "train", net, None)
    assert song.chosen == PreviewWindow(3.7, 12.8)
    assert len({id(form) for form in song.forms.values()}) == 4


def test_every_pick_is_scored(corpus, net):
    picks, nearness = preview_tables(*corpus, "valid", net, None)
    scores = {line[0]: line[1:] for line in picks}
    assert len(scores) == 12
    assert all(line[0] == 1 and 0 <= line[1] <= 1 for line in scores.values())
    learnt = scores["passage by section net and chroma, fitted anew"]
    assert learnt[1] > scores["15 s from any second"][1], "the song that was learnt from"
    assert {line[0] for line in nearness} == {"section net", "log-mel", "chroma", "section net and chroma"}


def test_weights_are_fitted_on_the_train_split(corpus, net):
    fit = fit_shipped(*corpus, net, None)
    assert fit.songs == 1
    assert len(fit.weights) == 26


def test_charts_without_audio_have_their_say(corpus, net, tmp_path):
    """The corpus's song again, which is left out, and under another title."""
    chart = next((tmp_path / "songs").glob("*/chart.ssc")).read_text(encoding="utf-8")
    folder = tmp_path / "charts_only"
    folder.mkdir()
    (folder / "0.ssc").write_text(chart, encoding="utf-8")
    (folder / "1.ssc").write_text(re.sub("#TITLE:[^;]*;", "#TITLE:Quite another;", chart, count=1), encoding="utf-8")
    (pick,) = picks_by_charts(*corpus, folder)
    assert pick.shared.max() > 0.7
    assert fit_shipped(*corpus, net, None, folder).weights != fit_shipped(*corpus, net, None).weights


def test_a_corpus_without_chosen_windows_is_told(tmp_path, net):
    write_corpus(tmp_path)
    with pytest.raises(RequestError, match="lists no song in the train split whose preview a person chose"):
        fit_shipped(tmp_path / "songs", tmp_path / "songs.tsv", net, None)
