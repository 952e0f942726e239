"""How long people work on charts."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from charter.review.store.database import now
from charter.review.store.names import names, who
from charter.review.store.rows import check_row
from charter.review.store.tables import Chart, Visit


def add_seconds(session: Session, chart_id: int, person_id: int, seconds: float) -> None:
    """Count worked seconds to today. Raises NotFound."""
    check_row(session, Chart, chart_id)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = {"chart_id": chart_id, "person_id": person_id, "day": f"{now():%Y-%m-%d}"}
    session.connection().execute(
        insert(Visit)
        .values(**row, seconds=seconds)
        .on_conflict_do_update(index_elements=list(row), set_={"seconds": Visit.seconds + seconds})
    )


def seconds_spent(session: Session, chart_id: int) -> list[dict[str, Any]]:
    """Who worked on a chart for how long, by day: ``[{"author", "day", "seconds"}]``."""
    known = names(session)
    asked = select(Visit).where(Visit.chart_id == chart_id).order_by(Visit.day, Visit.person_id)
    return [
        {"author": who(known, each.person_id), "day": each.day, "seconds": round(each.seconds, 1)}
        for each in session.scalars(asked)
    ]
