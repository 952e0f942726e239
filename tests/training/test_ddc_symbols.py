"""The rival of the symbol net, and the figures by which both are judged."""

import math

import numpy as np
import pytest
import torch

from charter.audio.spec import AudioSpec
from charter.errors import RequestError, WeightsError
from charter.model.config import SymbolConfig
from charter.model.rows import CONTEXT_SIZE, GAPS, IN_MEASURE, row_features
from charter.model.symbols import SymbolNet
from charter.model.vocabulary import START, SYMBOLS, encode
from charter.model.weights import save_weights
from charter.notation import TICKS_PER_BEAT, Difficulty, Timing
from datasets import cache
from datasets.symbols import NO_LENGTH
from training import passages
from training.checkpoint import release
from training.ddc_symbols import DdcSymbolConfig, DdcSymbolNet, DdcSymbolTask, arrow_bags, load_ddc_symbols
from training.passages import ChartSource, PassageDataset, read_splits
from training.symbol_scores import score, symbol_scores
from training.symbols import SymbolBatch, SymbolTask, next_symbol_figures
from training.synthetic import write_corpus

CONFIG = DdcSymbolConfig(hidden=8)
AUDIO = AudioSpec(mels=16)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder)
    return ChartSource(folder / "songs", folder / "songs.tsv")


def network(seed: int = 0) -> DdcSymbolNet:
    torch.manual_seed(seed)
    return DdcSymbolNet(CONFIG).eval()


def checkpoint(path, task=None):
    """As Lightning writes it, as far as it is read."""
    torch.manual_seed(0)
    task = task or DdcSymbolTask(CONFIG)
    values = {"epoch": 3, "state_dict": task.state_dict()}
    task.on_save_checkpoint(values)
    torch.save(values, path)
    return task.net


def batch_of(example, rows: int) -> SymbolBatch:
    return SymbolBatch(*(part[None] for part in PassageDataset([example], rows, training=False)[0]))


def test_the_bag_of_arrows():
    bags = arrow_bags()
    assert bags.shape == (SYMBOLS + 1, 16)
    row = encode(np.array([0, 1, 0, 2]))  # a tap on the second panel, a hold on the last
    assert bags[row].tolist() == [1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]
    assert bags[START].tolist() == [0] * 16
    assert (bags[:SYMBOLS].sum(dim=1) == 4).all()


def test_the_columns_it_reads():
    """An eighth behind a row, at 120 BPM; and the sixteenth of the measure in which rows stand."""
    ticks = np.array([0, 24, 60]) * TICKS_PER_BEAT // 48
    context = row_features(ticks, Timing.constant(120, 0), None, AUDIO).context
    assert context[0, GAPS][[1, 3]] == pytest.approx([-1, 0])
    assert context[1, GAPS][[0, 2]] == pytest.approx([-1, 0])
    assert context[:, IN_MEASURE].argmax(axis=1).tolist() == [0, 2, 5]
    assert (context[:, IN_MEASURE].sum(axis=1) == 1).all()


def test_beats_of_a_measure_are_alike():
    context = torch.zeros(2, 1, CONTEXT_SIZE)
    context[0, 0, IN_MEASURE.start + 3] = 1
    context[1, 0, IN_MEASURE.start + 11] = 1
    same = network()(context, torch.zeros(2, 1, dtype=torch.long))
    assert torch.equal(same[0], same[1])
    context[1, 0, IN_MEASURE] = torch.eye(16)[10]
    other = network()(context, torch.zeros(2, 1, dtype=torch.long))
    assert not torch.allclose(other[0], other[1])


def test_a_row_knows_the_symbols_before_it_and_no_others():
    context, symbols = torch.randn(2, 12, CONTEXT_SIZE), torch.randint(SYMBOLS, (2, 12))
    net, changed = network(), symbols.clone()
    changed[:, 7:] = (changed[:, 7:] + 1) % SYMBOLS
    one, other = net(context, symbols), net(context, changed)
    assert one.shape == (2, 12, SYMBOLS)
    assert torch.equal(one[:, :8], other[:, :8])
    assert not torch.allclose(one[:, 8], other[:, 8])


def test_it_hears_nothing_and_is_told_no_difficulty(corpus):
    task = DdcSymbolTask(CONFIG).eval()
    assert task.audio is None
    batch = batch_of(read_splits(corpus, AUDIO)["valid"][0], 16)
    assert batch.sound.abs().sum() > 0
    deaf = batch._replace(sound=batch.sound * 0, difficulty=batch.difficulty + 1, density=batch.density * 2)
    assert torch.equal(task.judged(batch)[0], task.judged(deaf)[0])


def test_without_features_asked_for_nothing_is_heard(corpus):
    assert not any(example.features.sound.any() for example in read_splits(corpus, None)["valid"])


def test_figures_by_hand():
    """The right symbol first, third, and fourth."""
    share = torch.full((3, SYMBOLS), 0.1 / (SYMBOLS - 4))
    share[:, :4] = torch.tensor([0.4, 0.3, 0.15, 0.05])
    found = next_symbol_figures(share.log(), torch.tensor([0, 2, 3]))
    assert float(found["accuracy"]) == pytest.approx(1 / 3)
    assert float(found["top3"]) == pytest.approx(2 / 3)
    assert float(found["cross_entropy"]) == pytest.approx(-math.log(0.4 * 0.15 * 0.05) / 3)


@pytest.mark.parametrize(
    "task",
    [DdcSymbolTask(CONFIG), SymbolTask(SymbolConfig(AUDIO, hidden=4, embedding=4, echo=2))],
    ids=["ddc", "charter"],
)
def test_a_task_logs_the_figures_of_real_rows(corpus, task, monkeypatch):
    """Over all batches of a split, each by its rows."""
    example = read_splits(corpus, AUDIO)["valid"][0]
    logged = {}
    monkeypatch.setattr(task, "log", lambda name, value, **_: logged.update({name: value}))
    task.eval()
    rows = len(example.symbols)
    padded, short = batch_of(example, rows + 5), batch_of(example, 3)
    assert (padded.symbols == NO_LENGTH).sum() == 5
    with torch.no_grad():
        for step, end in (
            (task.validation_step, task.on_validation_epoch_end),
            (task.test_step, task.on_test_epoch_end),
        ):
            for batch in (padded, short, None):  # None is a process's part that has nothing in it
                step(batch, 0)
            end()
        logits = torch.cat([task.judged(padded)[0][0, :rows], task.judged(short)[0][0]])
    symbols = torch.from_numpy(np.concatenate([example.symbols, example.symbols[:3]]))
    assert logged["test/accuracy"] == logged["val/accuracy"]
    logged = {name: value for name, value in logged.items() if name.startswith("val/")}
    assert set(logged) == {"val/loss", "val/accuracy", "val/top3", "val/cross_entropy"}
    for name, value in next_symbol_figures(logits, symbols).items():
        assert logged[f"val/{name}"] == pytest.approx(float(value))


def test_the_loss_is_that_of_real_rows(corpus):
    task = DdcSymbolTask(CONFIG).eval()
    example = read_splits(corpus, None)["valid"][0]
    losses = [task.judged(batch_of(example, len(example.symbols) + more))[1].value.item() for more in (0, 9)]
    assert losses[0] == pytest.approx(losses[1])


def test_a_checkpoint_is_read_again(tmp_path):
    net = checkpoint(tmp_path / "a.ckpt")
    loaded = load_ddc_symbols(tmp_path / "a.ckpt")
    assert not loaded.training
    context, symbols = torch.randn(1, 5, CONTEXT_SIZE), torch.zeros(1, 5, dtype=torch.long)
    assert torch.equal(loaded(context, symbols), net.eval()(context, symbols))


def test_one_of_another_network_is_not(tmp_path):
    checkpoint(tmp_path / "a.ckpt", SymbolTask(SymbolConfig(AUDIO, hidden=4)))
    with pytest.raises(WeightsError, match=r"a\.ckpt: is of another network than .*ddc_symbols\.yaml"):
        load_ddc_symbols(tmp_path / "a.ckpt")


def test_no_weights_file_is_made_of_a_rival(tmp_path):
    checkpoint(tmp_path / "a.ckpt")
    with pytest.raises(WeightsError, match=r"a\.ckpt: is of a network that is there for comparison"):
        release([tmp_path / "a.ckpt"], tmp_path / "w.safetensors")


def test_a_score_is_over_all_rows(corpus):
    examples = read_splits(corpus, None)["valid"]
    right = torch.cat([torch.from_numpy(example.symbols) for example in examples]) == 3
    always = torch.full((SYMBOLS,), -20.0)
    always[3] = 0.0
    found = score("always", examples, lambda example: always.expand(len(example.symbols), -1))
    assert found.rows == len(right)
    assert found.accuracy == pytest.approx(float(right.float().mean()))
    assert found.top3 >= found.accuracy


def test_all_are_scored_on_the_same_rows(corpus, tmp_path):
    checkpoint(tmp_path / "a.ckpt")
    torch.manual_seed(0)
    save_weights(tmp_path / "w.safetensors", SymbolNet(SymbolConfig(AUDIO, hidden=4, embedding=4, echo=2)), {})
    lines = list(symbol_scores(corpus, "valid", tmp_path / "a.ckpt", tmp_path / "w.safetensors"))
    whole, parts = lines[:3], lines[3:]
    assert [line.name for line in whole] == ["Kneser-Ney 5-gram", "DDC LSTM64", "charter"]
    assert [line.name for line in parts] == [f"charter, {level.label}" for level in Difficulty]
    assert {line.rows for line in whole} == {sum(line.rows for line in parts)}
    assert whole[0].perplexity < 10 < whole[1].perplexity  # the counts know the song, the networks nothing


def test_what_was_learnt_from_does_not_judge(corpus):
    with pytest.raises(RequestError, match="there are valid and test"):
        list(symbol_scores(corpus, "train", None, None))
    with pytest.raises(RequestError, match="holds no usable chart in the test"):
        list(symbol_scores(corpus, "test", None, None))


def test_only_the_songs_that_judge_are_heard(corpus, tmp_path, monkeypatch):
    torch.manual_seed(0)
    save_weights(tmp_path / "w.safetensors", SymbolNet(SymbolConfig(AUDIO, hidden=4, embedding=4, echo=2)), {})
    listened = []
    monkeypatch.setattr(
        passages, "heard", lambda audio, *rest: listened.append(audio.parent.name) or cache.heard(audio, *rest)
    )
    list(symbol_scores(corpus, "valid", None, tmp_path / "w.safetensors"))
    assert listened == ["one-song-valid"]
