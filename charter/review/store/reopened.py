"""Charts that had been decided on and are open again: what was decided, by whom, and who opened them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charter.review.document.verdicts import DECIDED
from charter.review.store.names import names, who
from charter.review.store.tables import Decision


def reopening(session: Session, chart_id: int, status: str, author_id: int | None, how: str) -> dict[str, Any] | None:
    """What pages are told where a change opens a chart again; None for one that was not decided on.

    status: of the chart before; how: the kind of the edit that opens it, or ``timing`` for one of its song
    -> ``{"verdict": "accepted" or "rejected", "decided_by": Who|null, "by": Who|null, "how"}``
    """
    if status not in DECIDED:
        return None
    asked = select(Decision.author_id).where(Decision.chart_id == chart_id, Decision.verdict == status)
    decided_by = session.scalar(asked.order_by(Decision.id.desc()).limit(1))
    known = names(session)
    return {"verdict": status, "decided_by": who(known, decided_by), "by": who(known, author_id), "how": how}
