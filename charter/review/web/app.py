"""The web application: its routes, behind its guard."""
