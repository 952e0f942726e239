"""DDC's step selection, "LSTM64", beside which the symbol net stands.

C. Donahue, Z. Lipton and J. McAuley, Dance Dance Convolution, ICML 2017, arXiv 1703.06891, section 4.4. It knows the
row before, the time and the beats to the rows around, and where in the beat it is: no sound, no difficulty. Here it
writes our symbols, in which the ends of holds are no steps of their own.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from charter.errors import WeightsError
from charter.model.config import from_dict
from charter.model.rows import GAPS, IN_MEASURE, SIXTEENTHS
from charter.model.vocabulary import ROWS, START, STATES, SYMBOLS
from charter.notation import BEATS_PER_MEASURE, PANELS
from datasets.symbols import NO_LENGTH
from training.checkpoint import PROVENANCE, read_checkpoint
from training.optimiser import OptimiserConfig
from training.processes import Mean
from training.symbols import NextSymbolTask, SymbolBatch

_PHASES = SIXTEENTHS // BEATS_PER_MEASURE


@dataclass(frozen=True)
class DdcSymbolConfig:
    """The network; the rows that it is unrolled over in training are those of the data's passages."""

    hidden: int = 128
    layers: int = 2
    dropout: float = 0.5


class DdcSymbolNet(nn.Module):
    """An LSTM over rows that reads the symbol before, and names the next."""

    arrows: Tensor

    def __init__(self, config: DdcSymbolConfig) -> None:
        super().__init__()
        self.register_buffer("arrows", arrow_bags(), persistent=False)
        told = PANELS * len(STATES) + (GAPS.stop - GAPS.start) + _PHASES
        self.lstm = nn.LSTM(told, config.hidden, config.layers, batch_first=True, dropout=config.dropout)
        self.dropout = nn.Dropout(config.dropout)
        self.symbol = nn.Linear(config.hidden, SYMBOLS)

    def forward(self, context: Tensor, symbols: Tensor) -> Tensor:
        """Logits of each row's symbol, given those before it.

        context: (batch, rows, CONTEXT_SIZE); symbols: (batch, rows) -> (batch, rows, SYMBOLS)
        """
        before = torch.cat([torch.full_like(symbols[:, :1], START), symbols[:, :-1]], dim=1)
        phase = context[..., IN_MEASURE].reshape(*context.shape[:2], BEATS_PER_MEASURE, _PHASES).sum(dim=2)
        hidden, _ = self.lstm(torch.cat([self.arrows[before], context[..., GAPS], phase], dim=2))
        return torch.as_tensor(self.symbol(self.dropout(hidden)))


def arrow_bags() -> Tensor:
    """The bag of arrows of each class, (SYMBOLS + 1, PANELS * STATES): a one-hot state of each panel, none of START."""
    bags = F.one_hot(torch.from_numpy(ROWS), len(STATES)).flatten(1).float()
    return F.pad(bags, (0, 0, 0, 1))


class DdcSymbolTask(NextSymbolTask):
    """Trains a `DdcSymbolNet` on the cross-entropy of symbols."""

    def __init__(self, net: DdcSymbolConfig | None = None, optimiser: OptimiserConfig | None = None) -> None:
        config = net or DdcSymbolConfig()
        super().__init__(config, None, optimiser)
        self.net: DdcSymbolNet = DdcSymbolNet(config)

    def training_step(self, batch: SymbolBatch, _index: int) -> Tensor:
        """The cross-entropy."""
        loss = self.judged(batch)[1].over_all()
        self.log("train/loss", loss, prog_bar=True, sync_dist=True)
        return loss

    def judged(self, batch: SymbolBatch) -> tuple[Tensor, Mean]:
        """As `NextSymbolTask` has it; the loss is the cross-entropy."""
        logits = self.net(batch.context, batch.symbols.clamp(min=0)).float()
        symbols = batch.symbols.flatten()
        loss = F.cross_entropy(logits.flatten(0, 1), symbols, ignore_index=NO_LENGTH, reduction="sum")
        return logits, Mean(loss, (symbols != NO_LENGTH).sum())


def load_ddc_symbols(path: Path) -> DdcSymbolNet:
    """The network of a checkpoint, in evaluation mode. Raises WeightsError for a file that is no such checkpoint."""
    checkpoint = read_checkpoint(path)
    told = checkpoint[PROVENANCE]
    if told["net_config"] != DdcSymbolConfig.__name__:
        raise WeightsError(f"{path}: is of another network than training/configs/ddc_symbols.yaml trains")
    task = DdcSymbolTask(from_dict(DdcSymbolConfig, told["net"]))
    task.load_state_dict(checkpoint["state_dict"])
    return task.net.eval()
