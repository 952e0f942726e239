"""Half precision where the machine has it."""

import pytest
import torch

from training import precision


@pytest.mark.parametrize(
    ("has_it", "gpu", "asked", "expected"),
    [
        (False, False, ("bf16-mixed", "auto"), "32-true"),
        (False, False, ("bf16-mixed", "cpu"), "32-true"),
        (False, True, ("bf16-mixed", "cpu"), "32-true"),
        (False, True, ("bf16-mixed", "auto"), "bf16-mixed"),
        (False, True, ("bf16-mixed", "gpu"), "bf16-mixed"),
        (True, False, ("bf16-mixed", "auto"), "bf16-mixed"),
        (False, False, ("64-true", "cpu"), "64-true"),
    ],
)
def test_32_bits_where_a_cpu_has_no_bfloat16(monkeypatch, has_it, gpu, asked, expected):
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: gpu)

    def lstm(*_):
        if not has_it:
            raise RuntimeError("could not create a primitive descriptor for the LSTM forward propagation primitive")

    monkeypatch.setattr(precision.nn, "LSTM", lambda *_: lstm)
    assert precision.workable(*asked) == expected
