"""What leaves a review and what comes back: packs, edited charts, histories.

Most of it is done in worker processes, from plain values that `charter.review.store.exported` gives; the modules that
read the tables themselves (`history`, `kept_imports`) are for the server alone.
"""
