"""What charter reads beside simfiles: records, reports, lists, rules, values of the review, timings made of numbers."""

import json
import struct
from functools import partial
from pathlib import Path

from charter.batch.described import described
from charter.batch.finished import status_of
from charter.batch.job import Job
from charter.batch.report import LINES_NAME, Report
from charter.batch.row import Row, RowChart, RowFinding, RowTiming, Status
from charter.batch.source import Source
from charter.check.sync import HeardMusic
from charter.decode.rules import RULES
from charter.decode.rules_file import step_rules
from charter.errors import CharterError
from charter.notation import Pause, Span, Tempo, Timing
from charter.review.document.changes import parse_changes
from charter.review.document.codec import notes_of
from charter.review.document.song_fields import FIELDS, checked_field
from charter.review.out.by_hand import slots_by_hand
from charter.review.out.naming import naming_of, write_record
from charter.song_draft import RECORD_NAME, drafted, publish, read_record
from datasets.manifest import read_manifest
from datasets.other_games import CHART_NAME, game_songs
from datasets.reviewed import REVIEW_NAME, from_review
from tests.fuzz.simfiles import use
from tests.fuzz.target import Target, each_told, swapped

_SIMFILE = b"#TITLE:x;#OFFSET:0;#BPMS:0=120;#NOTES:\n dance-single:\n :\n Hard:\n 3:\n 0:\n1000\n0000\n0000\n0000\n;"
_JSON_WORDS = (
    *b'[ ] { } , : "" null true -1 1e999 NaN Infinity 1e308 "\\u0000" "\\ud800" "../x" "/etc" ".." "a/b.sm"'.split(
        b" "
    ),
    b"9" * 5000,
)
_KEYS = "hashes unfinished audio_hash key kept weights options timing title artist seed duration notes"
_RECORD_WORDS = (*_JSON_WORDS, *(f'"{key}":'.encode() for key in _KEYS.split()), b'"song.sm"', b'"song-jacket.png"')


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _swapped(seeds: list[bytes]) -> list[bytes]:
    """JSON files, and each with one of its values replaced by one of another kind."""
    return [*seeds, *(_json(other) for seed in seeds for other in swapped(json.loads(seed)))]


def _record(**changes: object) -> bytes:
    said = {
        "charter": "1",
        "audio_hash": "0" * 16,
        "title": "x",
        "artist": "y",
        "seed": 0,
        "weights": {"placement": "0" * 16},
        "options": {"timing": "found"},
        "timing_confidence": 0.5,
        "timing_doubt": "",
        "duration": 20.0,
        "kept": ["Hard"],
        "notes": [],
        "key": "1" * 16,
        "hashes": {"song.sm": "0" * 16, "song.ogg": "1" * 16, "song-jacket.png": "2" * 16},
    }
    return _json(said | changes)


def _records() -> list[bytes]:
    return [_record(), _record(unfinished={"song.qua": "0" * 16}), _record(hashes={"a/song.sm": "0", "x.png": None})]


def _read_record(data: bytes, folder: Path) -> None:
    """All that is done with a folder whose record may have come from anywhere."""
    song = folder / "song"
    song.mkdir(exist_ok=True)
    (song / RECORD_NAME).write_bytes(data)
    (song / "song.sm").write_bytes(_SIMFILE)
    (song / "song.ogg").write_bytes(b"x")
    read_record(song)
    status_of(song, Job(Source(song / "song.ogg"), "song", "0" * 16, "1" * 16))
    slots_by_hand(song)
    fields = {"title": "x", "artist": "y"}
    naming = naming_of(song, {"fields": fields | {"title": "z"}, "draft_fields": fields})
    for ask in (partial(described, song, "song.ogg", RULES, HeardMusic(None)), partial(write_record, song, naming)):
        (song / RECORD_NAME).write_bytes(data)
        each_told([ask])
    (song / RECORD_NAME).write_bytes(data)
    with drafted(folder) as draft:
        (draft / "song.sm").write_bytes(_SIMFILE)
        publish(draft, song, {"audio_hash": "0" * 16})


def _rows() -> list[bytes]:
    whole = Row(
        "a.ogg",
        Status.CHARTED,
        "a",
        notes=("a note",),
        title="x",
        weights={"placement": "0"},
        duration=20.0,
        seconds=1.0,
        timing=RowTiming(120.0, 0.0, confidence=0.5, doubt="unsure", sync_ms=1.0),
        charts=(RowChart("Hard", 9, 10, 1.5, (0.25, 1.5)),),
        findings=(RowFinding("Hard", "fault", "jack", "a jack", 1.0, 0.5),),
    )
    lines = [whole.line(), Row("b.ogg", Status.FAILED, error="no").line()]
    return ["\n".join(lines).encode() + b"\n", lines[0].encode()]


def _swapped_lines(seeds: list[bytes]) -> list[bytes]:
    """Each row of another kind stands beside one that is right."""
    return [*seeds, *(seeds[-1] + b"\n" + other for other in _swapped(seeds[-1:]))]


def _report(data: bytes, folder: Path) -> None:
    (folder / LINES_NAME).write_bytes(data)
    Report(folder).finish(1.0)


_COLUMNS = "id split title artist charts duration_s sync_lag_ms sync_contrast style"


def _manifests() -> list[bytes]:
    row = ["a/b", "train", "x", "y", "Hard:9:100 Edit:1:2", "100.5", "-3.5", "9", "pad"]
    return ["\n".join("\t".join(each) for each in (_COLUMNS.split(), row, row)).encode()]


def _manifest(data: bytes, folder: Path) -> None:
    path = folder / "songs.tsv"
    path.write_bytes(data)
    read_manifest(path)


def _accepted(data: bytes, folder: Path) -> None:
    pack = folder / "pack" / "song"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "song.sm").write_bytes(_SIMFILE)
    (pack / REVIEW_NAME).write_bytes(data)
    from_review(folder / "pack", folder / "corpus")


def _zipped(data: bytes, folder: Path) -> None:
    (folder / "pack.zip").write_bytes(data)
    from_review(folder / "pack.zip", folder / "corpus")


def _zips() -> list[bytes]:
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("song/song.sm", _SIMFILE)
        archive.writestr(f"song/{REVIEW_NAME}", '{"charts": []}')
    return [file.getvalue()]


def _other_games() -> list[bytes]:
    said = {"offset_s": 0.5, "sync_lag_ms": 1.0, "bpms": [[0.5, 120.0], [4.5, 130.0]]}
    return [_json(said | {"charts": [{"notes": [[0.5 + beat / 2, 0] for beat in range(8)]}]})]


def _other_game(data: bytes, folder: Path) -> None:
    song = folder / "songs" / "song"
    song.mkdir(parents=True, exist_ok=True)
    (song / "song.ogg").touch()
    (song / CHART_NAME).write_bytes(data)
    for each in game_songs(folder / "songs"):
        use(each.timing)


def _rules(data: bytes, folder: Path) -> None:
    path = folder / "rules.yaml"
    path.write_bytes(data)
    step_rules(path)


_RULES = [
    b"beginner: {fastest_jack: 0.6, jumps: false}\nhard: {crossovers: false, mines: false}\n",
    b"a: &a {jumps: false}\nhard: {<<: *a, mines: true}\neasy: *a\n",
]
_RULES_WORDS = (
    *b"hard: beginner: fastest_jack: jumps: &a *a <<: [*a,*a] ? | > - { } [ ] !!python/object:os.system".split(b" "),
    *b"!!int !!float !!bool !!timestamp !!binary !!set !!omap !!null 0x 0b 1:1 .inf .nan 2001-01-01 0o7 ''".split(b" "),
    b"\n",
    b"0x" + b"f" * 5000,
)


def _values(data: bytes, _folder: Path) -> None:
    """What the server of a review has checked: ``[field, value, changes, notes]``."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):  # which the server tells apart
        return
    if not isinstance(said, list):
        return
    for ask, value in zip((*(partial(checked_field, name) for name in FIELDS), parse_changes, notes_of), said * 9):  # noqa: B905
        try:
            ask(value)
        except CharterError:
            continue
        except TypeError:
            if ask is not notes_of or isinstance(value, list):
                raise


def _documents() -> list[bytes]:
    timing = {
        "tempos": [[0, 120.0], [96, 130.5]],
        "offset": -0.5,
        "stops": [[48, 0.5]],
        "delays": [[48, 0.5]],
        "warps": [[480, 48]],
        "fakes": [[480, 48]],
    }
    changes = {"notes": [[0, 0, None, ["1", None]], [48, 1, ["2", 96], None]], "fields": {"meter": [1, 2]}}
    notes = [[0, 0, "1", None], [48, 1, "2", 96]]
    return [_json([value]) for value in ("a text", [1.5, 12], timing, changes, {"shift": 48}, notes)]


def _numbers() -> list[bytes]:
    events = [(0, 0, 120.0), (0, 96, 60.0), (1, 48, 0.5), (2, 48, 0.5), (3, 480, 48.0), (4, 500, 24.0)]
    extreme = [(0, 0, 1e308), (0, 2**40, 1e-308), (1, 2**63, 1e308), (3, 2**100 % 2**62, 1e308)]
    return [
        b"".join(struct.pack("<Bqd", kind, tick % 2**63, value) for kind, tick, value in e) for e in (events, extreme)
    ]


def _timing(data: bytes, _folder: Path) -> None:
    """A timing made of records of a kind, a tick and a float."""
    kinds: list[list[tuple[int, float]]] = [[], [], [], [], []]
    for kind, tick, value in struct.iter_unpack("<Bqd", data[: len(data) // 17 * 17]):
        kinds[kind % 5].append((tick, value))
    tempos, stops, delays, warps, fakes = (sorted(events, key=lambda event: event[0]) for events in kinds)
    offset = stops[0][1] if len(data) % 2 and stops else 0.0
    spans = [
        tuple(Span(tick, int(value) if abs(value) < 1e300 else 0) for tick, value in each) for each in (warps, fakes)
    ]
    pauses = [tuple(Pause(*event) for event in each) for each in (stops, delays)]
    use(Timing(tuple(Tempo(*event) for event in tempos), offset, *pauses, *spans))


TARGETS = {
    "record": Target(_read_record, lambda: _swapped(_records()), _RECORD_WORDS),
    "report": Target(_report, lambda: _swapped_lines(_rows()), (*_JSON_WORDS, b"\n"), ".jsonl"),
    "manifest": Target(_manifest, _manifests, b"\t \n Hard:1:2 nan inf -1 Edit:".split(b" "), ".tsv"),
    "accepted": Target(_accepted, lambda: _swapped([b'{"charts": [{"slot": "hard"}]}']), _JSON_WORDS),
    "zip": Target(_zipped, _zips, (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")),
    "other-game": Target(_other_game, lambda: _swapped(_other_games()), _JSON_WORDS),
    "rules": Target(_rules, lambda: _RULES, _RULES_WORDS, ".yaml"),
    "values": Target(_values, lambda: _swapped(_documents()), _JSON_WORDS),
    "timing": Target(_timing, _numbers),
}
