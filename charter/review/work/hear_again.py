"""A song that is there, made ready for the player once more."""

from pathlib import Path
from typing import Any

from charter.audio.song_audio import SongAudio
from charter.errors import AudioError
from charter.memory import release_memory
from charter.processes.worker import Tell
from charter.review.data_folder import song_folder
from charter.review.work.hearing import hear, music_within
from charter.review.work.reading import chosen_simfile, named_in


def hear_again(request: dict[str, Any], data: Path, tell: Tell) -> dict[str, Any]:
    """``{key}`` -> ``{sound}``: the files below ``hearing/``, written anew.

    Raises ChartError, TimingError, AudioError, OutputError.
    """
    folder = song_folder(data, request["key"])
    release_memory()
    with named_in(folder):
        simfile, song = chosen_simfile(folder)
        music = music_within(folder, simfile, song.music)
        if music is None:
            raise AudioError(f"{song.music or 'the music'}: is not beside the simfile")
        tell(0.2, "listening")
        return {"sound": hear(folder, music, SongAudio(music))}
