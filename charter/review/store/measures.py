"""How much of what the model wrote artists keep, and how long they take.

``GET /api/runs/{run}/measure`` answers
``{"run", "total": Group, "slots": [Group], "weights": [Group], "charts": [ChartMeasure]}``. A Group is
``{"key": slot or fingerprint, "label", "since": time of its first song or null, "charts": n, "accepted": n,
"rejected": n, "open": n, "draft_rows": n, "final_rows": n, "rows": {"kept", "moved", "rewritten", "removed", "added"},
"shares": the same names, 0 to 1 or null, "minutes": of all its charts, "minutes_per_chart": or null,
"median_minutes": or null}``; a ChartMeasure has the same counts for one accepted chart.
"""
