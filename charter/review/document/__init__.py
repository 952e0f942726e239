"""Charts and timings as plain JSON values, and changes of them; no database and no web."""
