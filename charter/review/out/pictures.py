"""A reviewed song's pictures, drawn anew; in a worker process, for it takes the libraries that decode audio."""

from pathlib import Path

from charter.audio.music import read_tags
from charter.audio.song_audio import SongAudio
from charter.audio.spec import AudioSpec
from charter.batch.pictures import draw_pictures
from charter.errors import AudioError, ChartError
from charter.notation import Song
from charter.review.out.naming import COVER, Naming
from export.art.draw import cover_of
from export.art.look import art_name
from export.stepmania.music import find_music


def draw_anew(source: Path, folder: Path, song: Song, naming: Naming) -> list[str]:
    """Draw a song's pictures for its title and artist of now, as `charter batch` does; what to tell.

    source: the song's folder in the review; folder: in the pack. Raises OutputError.
    """
    music = find_music(folder, song.music)
    if not naming.drawn or music is None:
        return []
    try:
        kept = source / COVER
        cover = kept.read_bytes() if kept.is_file() else read_tags(music).cover or _shown_cover(folder, naming)
        draw_pictures(folder, naming.stem, song, SongAudio(music).mel(AudioSpec()), cover, naming.drawn)
    except AudioError as error:
        return [f"its pictures are as they were: {error}"]
    except OSError as error:
        raise ChartError(f"{source}: cannot be read ({error.strerror or error})") from error
    return []


def _shown_cover(folder: Path, naming: Naming) -> bytes:
    """The cover that the pictures of old show: a pack has it nowhere else where its music does not carry it.

    folder: in the pack, where they lie under their names of now. Raises OSError.
    """
    return cover_of({role: (folder / art_name(naming.stem, role)).read_bytes() for role in naming.drawn})
