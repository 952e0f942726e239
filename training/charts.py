"""Charts for every song of a split, made as a user would with the human timing given, for `charter evaluate`.

    python -m training charts --corpus data/songs --manifest data/songs.tsv --split valid --out OUT
    charter evaluate --reference data/songs --manifest data/songs.tsv --split valid --generated OUT

The sync lag is applied to the timing, so that beats lie where they are heard. The music is not written again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from charter.audio.decode import decode
from charter.audio.loudness import audible_span
from charter.errors import RequestError
from charter.generate import Models, generate
from charter.notation import Difficulty
from charter.request import Request
from datasets.songs import LabelledSong, labelled_songs
from export.stepmania.save import save_song


@dataclass(frozen=True)
class SplitRequest:
    """What to chart: the songs of a split of a corpus, into ``out``, one folder per song id.

    as_dense: ask for the density of the human charts, where there are any, rather than the typical one
    """

    corpus: Path
    manifest: Path
    split: str
    out: Path
    seed: int = 0
    as_dense: bool = False


def chart_split(request: SplitRequest, models: Models) -> Iterator[Path]:
    """Chart one song after the other, giving each simfile's path as it is written. Raises as `generate`."""
    songs = [song for song in labelled_songs(request.corpus, request.manifest) if song.split == request.split]
    if not songs:
        raise RequestError(f"{request.manifest}: has no song of the split {request.split!r}")
    for song in songs:
        if song.audio is None:
            continue
        densities = _human_densities(song, song.audio) if request.as_dense else {}
        asked = Request(timing=song.timing, seed=request.seed, densities=densities, title=song.id)
        made = generate(song.audio, asked, models)
        yield save_song(made.song, request.out / song.id, ["ssc"], stem="chart", duration=made.duration)[0]


def _human_densities(song: LabelledSong, audio: Path) -> dict[Difficulty, float]:
    """Rows per second of music in each human chart, made to rise where people let it fall."""
    span = audible_span(decode(audio, 8_000))
    seconds = span.end - span.start if span else 1.0
    densities: dict[Difficulty, float] = {}
    for level in sorted(song.charts):
        rows = len(song.charts[level].hit_ticks(song.timing))
        densities[level] = max(rows / seconds, *densities.values(), 0.1)
    return densities
