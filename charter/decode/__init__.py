"""From the networks' scores to rows and notes: plain arrays in, notation out, within what two feet can do.

Rules (what a chart may ask), density and meter are here too. No files but a user's rules, no Lightning, no datasets.
"""
