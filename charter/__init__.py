"""charter: a song goes in, a rhythm-game chart set comes out.

What each folder is for, and what it may not know, stands in its ``__init__``. Imports point down only: from `cli`,
`review` and `batch` to the one path (`generate`, `redo`), to its parts (`tempo`, `sections`, `decode`, `model`,
`audio`), to `notation` and `errors`; tests/test_arrows.py has the list.
"""

__version__ = "0.8.0"
