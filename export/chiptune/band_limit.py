"""Steps at exact moments to samples, without aliasing.

Each jump is split between two cells of a grid of 8 cells a sample, so that its place between them is kept; a low-pass
filter then reads the grid once a sample. The filter's kernel, summed over 8 cells, does on jumps what the kernel would
do on their running sum, so that only the samples have to be summed up, not the grid.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_CELLS = 8  # a sample
_SPAN = 64  # samples that a kernel reaches over
_TAPS = 495  # of the kernel: its middle is 7 cells and a whole number of samples from its start
_TRANSITION = 1 / 12  # of the sampling rate, up to half of that: 4 of 48 kHz
_KAISER_BETA = 8.05  # 82 dB at this length and transition
_RESPONSE_POINTS = 1 << 14
_BLOCK = 16  # samples of one row of the matrix product
DELAY = 31  # samples that come out before the first
MULTIPLE = _BLOCK  # of which every block's length is one


def _kernel(rate: int, response: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray[np.float64]:
    """(_TAPS,) low-pass on the grid, of linear phase; `response` is its gain over frequency in Hz in the pass band."""
    frequencies = np.fft.rfftfreq(_RESPONSE_POINTS, 1 / (_CELLS * rate))
    gain = response(frequencies) / np.sinc(frequencies / (_CELLS * rate)) ** 2  # the split's own droop, undone
    gain[frequencies > rate * (1 - _TRANSITION) / 2] = 0
    middle = _TAPS // 2
    return np.asarray(np.roll(np.fft.irfft(gain), middle)[:_TAPS] * np.kaiser(_TAPS, _KAISER_BETA))


class BandLimiter:
    """Jumps to samples, a block after the other; the output of a block is `DELAY` samples late.

    clock: cycles a second; rate: samples a second; response: gain over frequencies in Hz, (n,) -> (n,), 1 at 0 Hz
    """

    def __init__(
        self, clock: float, rate: int, response: Callable[[NDArray[np.float64]], NDArray[np.float64]] = np.ones_like
    ) -> None:
        self._cells_a_cycle = _CELLS * rate / clock
        kernel = np.zeros(_CELLS * _SPAN)
        kernel[: _TAPS + _CELLS - 1] = np.convolve(_kernel(rate, response), np.ones(_CELLS))
        # Rows of _BLOCK samples' cells by (rows that a sample reaches over) x (samples of a row).
        width = _CELLS * _BLOCK
        rows = -(-(_CELLS * (_BLOCK - 1 + _SPAN)) // width)
        self._weights = np.zeros((rows * width, _BLOCK), np.float32)
        for sample in range(_BLOCK):
            self._weights[_CELLS * sample :][: len(kernel), sample] = kernel[::-1]
        self._weights = self._weights.reshape(rows, width, _BLOCK).transpose(1, 0, 2).reshape(width, rows * _BLOCK)
        self._rows = rows
        self._history = np.zeros(_CELLS * _SPAN)
        self._spill = np.zeros(2)
        self._frames = 0
        self._level = 0.0

    def block(
        self, jumps: list[tuple[NDArray[np.int64], NDArray[np.float64]]], frames: int
    ) -> NDArray[np.float64]:
        """(frames,) the next samples, from the jumps at cycles up to their end. frames: a multiple of `MULTIPLE`."""
        cells = np.zeros(frames * _CELLS + 2)
        cells[:2] = self._spill
        for cycles, heights in jumps:
            # Half a cell on, for a jump in a cell stands for one at its start.
            place = cycles * self._cells_a_cycle + (0.5 - self._frames * _CELLS)
            cell = place.astype(np.int64)
            late = heights * (place - cell)
            cells += np.bincount(cell, heights - late, len(cells))
            cells[1:] += np.bincount(cell, late, len(cells) - 1)
        self._frames += frames
        self._spill = cells[-2:]
        grid = np.concatenate([self._history, cells[:-2]])
        self._history = grid[-_CELLS * _SPAN :]

        blocks = frames // _BLOCK
        rows = np.zeros(((blocks + self._rows - 1) * _CELLS * _BLOCK), np.float32)
        rows[: len(grid)] = grid
        product = (rows.reshape(-1, _CELLS * _BLOCK) @ self._weights).reshape(-1, self._rows, _BLOCK)
        moves = sum(product[row : row + blocks, row].astype(np.float64) for row in range(self._rows))
        samples = self._level + np.cumsum(moves)
        self._level = float(samples[-1])
        return np.asarray(samples)
