"""One song's share of a batch, small enough to be sent to a worker anywhere."""

from dataclasses import dataclass
from pathlib import Path

from charter.batch.row import Row, Status
from charter.batch.source import Source
from charter.processes.worker import MOST_MEMORY
from charter.request import Request, WeightsFiles


@dataclass(frozen=True)
class Settings:
    """What holds for every song of a batch.

    folder: the input; pack: the pack's folder, which every worker sees under this path
    formats: of `charter.song_folder.FORMATS`; replace: charts of existing simfiles are written anew too
    most_memory: bytes that the work on one song may take, the networks included
    most_seconds: that it may last
    """

    folder: Path
    pack: Path
    request: Request
    weights: WeightsFiles
    formats: tuple[str, ...] = ("ssc", "sm")
    replace: bool = False
    most_memory: int = MOST_MEMORY
    most_seconds: float = 1800.0


@dataclass(frozen=True)
class Job:
    """A song to chart.

    name: of its folder in the pack; audio_hash, key: as `Row` has them; size: of its music, in bytes
    """

    source: Source
    name: str
    audio_hash: str
    key: str
    size: int = 0

    def failure(self, error: str, folder: Path) -> Row:
        """The row of this song where it could not be charted.

        error: one line that names the file; folder: the batch's input
        """
        source = self.source.name_in(folder)
        return Row(source, Status.FAILED, error=error, audio_hash=self.audio_hash, key=self.key)
