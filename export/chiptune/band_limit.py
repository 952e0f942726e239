"""Steps at exact moments to samples, without aliasing.

Each jump is split between three cells of a grid of 8 cells a sample, by a quadratic B-spline (with two cells and lines,
what is folded back near the top of the band would be 25 dB louder); a low-pass filter then reads the grid once a
sample. The filter's kernel, summed over 8 cells, does on jumps what the kernel would do on their running sum, so that
only the samples have to be summed up, not the grid.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_CELLS = 8  # a sample
_SPAN = 64  # samples that a kernel reaches over
_SPLIT = 3  # cells that a jump reaches over
_TAPS = 493  # of the kernel: its middle, the split's and the last cell of a sample make a whole number of samples
_TRANSITION = 1 / 12  # of the sampling rate, up to half of that: 4 of 48 kHz
_KAISER_BETA = 8.05  # 82 dB at this length and transition
_RESPONSE_POINTS = 1 << 14
_BLOCK = 16  # samples of one row of the matrix product
DELAY = 31  # samples that come out before the first
MULTIPLE = _BLOCK  # of which every block's length is one


def _kernel(rate: int, response: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray[np.float64]:
    """(_TAPS,) low-pass on the grid, of linear phase; `response` is its gain over frequency in Hz in the pass band."""
    frequencies = np.fft.rfftfreq(_RESPONSE_POINTS, 1 / (_CELLS * rate))
    droop = np.sinc(frequencies / (_CELLS * rate)) ** (_SPLIT - 1)  # one power less: a sum over cells is no integral
    gain = response(np.asarray(frequencies, np.float64)) / droop
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
        self._weights = np.zeros((rows * width, _BLOCK))
        for sample in range(_BLOCK):
            self._weights[_CELLS * sample :][: len(kernel), sample] = kernel[::-1]
        self._weights = self._weights.reshape(rows, width, _BLOCK).transpose(1, 0, 2).reshape(width, rows * _BLOCK)
        self._rows = rows
        self._carried = np.zeros(_CELLS * _SPAN + _SPLIT)
        self._frames = 0
        self._level = 0.0

    def block(self, jumps: list[tuple[NDArray[np.int64], NDArray[np.float64]]], frames: int) -> NDArray[np.float64]:
        """(frames,) the next samples, from the jumps at cycles up to their end. frames: a multiple of `MULTIPLE`."""
        history, blocks = _CELLS * _SPAN, frames // _BLOCK
        grid = np.zeros(max((blocks + self._rows - 1) * _CELLS * _BLOCK, history + frames * _CELLS + _SPLIT))
        grid[: len(self._carried)] = self._carried
        for cycles, heights in jumps:
            # In cells, from the grid's start to the first of three, with what is left for the spline. One on: half for
            # a jump's cell, that stands for a jump at its start, and half to round.
            place = cycles * self._cells_a_cycle + (history + 1 - self._frames * _CELLS)
            cell = place.astype(np.int64)
            place -= cell
            half = 0.5 * heights
            last = half * place * place
            first = half - heights * place + last
            np.add.at(grid, cell, first)
            np.add.at(grid, cell + 1, heights - first - last)
            np.add.at(grid, cell + 2, last)
        self._frames += frames
        self._carried = grid[frames * _CELLS :][: history + _SPLIT].copy()

        # In double precision: the sums below would carry what single loses on through the tune.
        rows = grid[: (blocks + self._rows - 1) * _CELLS * _BLOCK].reshape(-1, _CELLS * _BLOCK)
        product = (rows @ self._weights).reshape(-1, self._rows, _BLOCK)
        moves = sum(product[row : row + blocks, row] for row in range(self._rows))
        samples = self._level + np.cumsum(moves)
        self._level = float(samples[-1])
        return np.asarray(samples)
