"""A song as it lies in a folder, before anything has been decoded."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One song to chart.

    music: its audio
    simfiles: those that lie beside it, the one that the game would read first; none for plain audio
    cover: a picture of the song or its album beside the music; None where there is none
    """

    music: Path
    simfiles: tuple[Path, ...] = ()
    cover: Path | None = None

    def name_in(self, folder: Path) -> str:
        """The music as a report names it: below the input folder where it lies there."""
        return str(self.music.relative_to(folder) if self.music.is_relative_to(folder) else self.music)
