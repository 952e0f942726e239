"""The writer unrolled is the writer."""

import torch

from charter.audio.spec import AudioSpec
from charter.model.config import SymbolConfig
from charter.model.row_writer import RowWriter
from charter.model.rows import ECHO_MEASURES
from charter.model.symbols import SymbolNet
from charter.model.vocabulary import SYMBOLS
from charter.notation import PANELS

CHARTS, VERSIONS, ROWS, HIDDEN = 2, 3, 12, 8


@torch.inference_mode()
def test_row_by_row_it_has_in_mind_what_the_net_has():
    torch.manual_seed(0)
    net = SymbolNet(SymbolConfig(AudioSpec(mels=16), embedding=6, echo=3, hidden=HIDDEN)).eval()
    batch = CHARTS * VERSIONS
    encoded = torch.randn(CHARTS, ROWS, 2 * HIDDEN)
    before = torch.randint(SYMBOLS + 1, (batch, ROWS))
    echoes = torch.randint(SYMBOLS + 1, (batch, ROWS, len(ECHO_MEASURES)))
    held = torch.rand(batch, ROWS, PANELS) < 0.3
    whole, _ = net.write(encoded.repeat_interleave(VERSIONS, 0), before, echoes, held, None)
    writer, last = RowWriter(net), None
    for row in range(ROWS):
        last = writer.write(encoded[:, row], before[:, row], echoes[:, row], held[:, row], last)
        assert torch.allclose(last.hidden, whole[:, row], atol=1e-5)
    assert whole.abs().max() > 0.1
