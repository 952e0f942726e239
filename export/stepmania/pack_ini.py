"""``Pack.ini``, with which ITGmania 1.0 and later know a pack: its name, and how its steps stand to the sound."""

_SYNC_OFFSETS = {"null": "NULL", "itg": "ITG"}


def pack_ini(title: str, sync: str) -> str:
    """The text of a ``Pack.ini``. sync: ``null`` (steps at the sound) or ``itg`` (9 ms before it), for the whole pack.

    Without its Version the game passes over the file. (ITGmania, src/Group.cpp)
    """
    name = "".join(character if character.isprintable() else " " for character in title)
    lines = ["[Group]", "Version=1", f"DisplayTitle={name}", f"SyncOffset={_SYNC_OFFSETS[sync]}"]
    return "\n".join(lines) + "\n"
