"""Findings by names that last: the same finding has the same name each time a chart is checked."""

import hashlib
import json


def finding_id(kind: str, beat: float | None, message: str) -> str:
    """12 hex digits that name a finding by what it says and where. beat: None where it is of the whole."""
    said = json.dumps([kind, None if beat is None else round(beat, 6), message])
    return hashlib.sha256(said.encode()).hexdigest()[:12]
