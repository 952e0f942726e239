"""What ``charter.json`` says of a generated song: what it takes to make it again, and what came out."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from charter import __version__
from charter.decode.meter import meter_of
from charter.decode.rules import RULES, StepRules
from charter.notation import Difficulty, Song, slot_word
from charter.request import Request

if TYPE_CHECKING:
    from charter.generate import Generated


def record(generated: "Generated", song: Song) -> dict[str, Any]:
    """What it takes to make the same charts again, and what they are; plain JSON values."""
    request = generated.request
    seconds = generated.music.end - generated.music.start
    return {
        "charter": __version__,
        "audio_hash": generated.audio_hash,
        "title": song.title,
        "artist": song.artist,
        "seed": request.seed,
        "weights": generated.fingerprints,
        "options": options(request, generated.style_amount),
        "timing": asdict(song.timing),
        "timing_confidence": round(generated.found.confidence, 3) if generated.found else None,
        "timing_doubt": generated.unsure,
        "music": generated.music._asdict(),
        "duration": generated.duration,
        "preview": song.preview._asdict() if song.preview else None,
        "charts": [
            {
                "difficulty": slot_word(chart.difficulty),
                "meter": chart.meter,
                "rows": (rows := len(chart.hit_ticks(song.timing))),
                "density": round(rows / seconds, 3),
            }
            for chart in song.charts
        ],
    }


def options(request: Request, style_amount: float) -> dict[str, Any]:
    """What was asked for; plain JSON values."""
    return {
        "difficulties": [slot_word(level) for level in request.difficulties],
        "meters": {slot_word(level): meter for level, meter in request.meters.items()},
        "densities": {slot_word(level): density for level, density in request.densities.items()},
        "tempos": [request.tempos.slowest, request.tempos.fastest] if request.tempos else None,
        "timing": "given" if request.timing else "found",
        "sync": request.sync,
        "rules": _own_rules(request.rules),
        "style_amount": style_amount,
        "preview": request.preview,
    }


def shortfalls(generated: "Generated", song: Song) -> list[str]:
    """What is to be said of charts that have over a tenth fewer rows, or are over a meter easier, than asked."""
    request = generated.request
    seconds = generated.music.end - generated.music.start
    reasons = []
    for chart in song.charts:
        ticks = chart.hit_ticks(song.timing)
        name, density = slot_word(chart.difficulty), len(ticks) / seconds
        asked = request.densities.get(chart.difficulty, 0.0) if chart.difficulty is not None else 0.0
        meter = meter_of(song.timing.seconds_at(ticks))
        if density < 0.9 * asked:
            reasons.append(f"{name} has {density:.2f} rows per second, as many as fit, not {asked:.2f}")
        if chart.difficulty in request.meters and meter < chart.meter - 1:
            reasons.append(f"{name} has as many rows as fit, which are a meter of {meter}, not {chart.meter}")
    return reasons


def _own_rules(rules: Mapping[Difficulty, StepRules]) -> dict[str, dict[str, Any]]:
    """The rules that are not those of the table, by difficulty."""
    return {
        slot_word(level): changed
        for level, own in rules.items()
        if (changed := {key: value for key, value in asdict(own).items() if value != getattr(RULES[level], key)})
    }
