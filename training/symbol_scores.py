"""How well the next symbol is foretold on human rows: the symbol net beside those it is measured against.

    python -m training symbols --corpus data/songs --manifest data/songs.tsv --charts-only data/charts_only \\
        --ddc CHECKPOINT --weights FILE --split test

All are given the same rows, whole charts with the human's symbols before each row, and are judged by the same code.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from charter.errors import RequestError
from charter.model.vocabulary import TURNED
from charter.model.weights import load_symbols
from charter.notation import Difficulty
from datasets.symbols import SymbolExample
from training.ddc_symbols import load_ddc_symbols
from training.kneser_ney import KneserNey
from training.passages import ChartSource, PassageDataset, read_splits
from training.symbols import SymbolBatch, net_scores, next_symbol_figures

_HELD_OUT = ("valid", "test")


@dataclass(frozen=True)
class SymbolScore:
    """One line: over all rows of some charts, how many are foretold, and the perplexity."""

    name: str
    rows: int
    accuracy: float
    top3: float
    perplexity: float


def symbol_scores(source: ChartSource, split: str, ddc: Path | None, weights: Path | None) -> Iterator[SymbolScore]:
    """Kneser-Ney of five symbols, then DDC's checkpoint and our weights where they are given, ours by difficulty too.

    split: valid or test; Kneser-Ney is fitted on the train split, mirrored as the networks see it
    Raises RequestError for another split or one without charts, WeightsError for a file that cannot be read.
    """
    if split not in _HELD_OUT:
        raise RequestError(f"the split {split!r} is learnt from, or there is none; there are {' and '.join(_HELD_OUT)}")
    rival = load_ddc_symbols(ddc) if ddc is not None else None
    ours = load_symbols(weights).net if weights is not None else None
    examples = read_splits(source, ours.config.audio if ours is not None else None, (split,))
    judged = examples[split]
    if not judged or not examples["train"]:
        raise RequestError(f"{source.corpus}: holds no usable chart in the {split} or the train split")
    counts = KneserNey.fit(turn[example.symbols] for example in examples["train"] for turn in TURNED)
    yield score(
        "Kneser-Ney 5-gram", judged, lambda example: torch.from_numpy(counts.log_probabilities(example.symbols))
    )
    if rival is not None:
        yield score("DDC LSTM64", judged, _of_batch(lambda batch: rival(batch.context, batch.symbols)))
    if ours is not None:
        scorer = _of_batch(lambda batch: net_scores(ours, batch).symbol)
        yield score("charter", judged, scorer)
        for level in Difficulty:
            of_level = [example for example in judged if example.difficulty == level]
            if of_level:
                yield score(f"charter, {level.label}", of_level, scorer)


@torch.no_grad()
def score(name: str, examples: list[SymbolExample], scorer: Callable[[SymbolExample], Tensor]) -> SymbolScore:
    """Judge what says (rows, SYMBOLS) logits of a chart, over all rows of all charts."""
    logits = torch.cat([scorer(example) for example in examples])
    symbols = torch.cat([torch.from_numpy(example.symbols) for example in examples])
    figures = {key: float(value) for key, value in next_symbol_figures(logits, symbols).items()}
    return SymbolScore(name, len(symbols), figures["accuracy"], figures["top3"], math.exp(figures["cross_entropy"]))


def _of_batch(network: Callable[[SymbolBatch], Tensor]) -> Callable[[SymbolExample], Tensor]:
    """A network that takes batches, as one that takes a chart."""

    def scorer(example: SymbolExample) -> Tensor:
        passage = PassageDataset([example], len(example.symbols), training=False)[0]
        return network(SymbolBatch(*(part[None] for part in passage)))[0]

    return scorer
