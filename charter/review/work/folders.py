"""Song folders put in their place below ``songs``, whole."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from charter.errors import OutputError
from charter.song_draft import publish


def put_in_place(draft: Path, folder: Path, record: Mapping[str, Any] | None = None) -> None:
    """Put a draft where a song's folder belongs; record: what ``charter.json`` is to say, None to leave it.

    What an interrupted attempt left there is removed: nobody has seen it. Raises OutputError.
    """
    try:
        if folder.exists():
            shutil.rmtree(folder)
        if record is None:
            draft.chmod(0o755)  # a draft is for the owner alone
            draft.rename(folder)
            return
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written to ({error.strerror or error})") from error
    publish(draft, folder, record)
