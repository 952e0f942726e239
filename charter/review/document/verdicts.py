"""What a chart is decided to be."""

from typing import Literal

Verdict = Literal["accepted", "sent back", "rejected", "open"]

OPEN: Verdict = "open"
ACCEPTED: Verdict = "accepted"
SENT_BACK: Verdict = "sent back"
REJECTED: Verdict = "rejected"
DECIDED: frozenset[str] = frozenset({ACCEPTED, REJECTED})  # an edit opens the chart again: who decided has not seen it
