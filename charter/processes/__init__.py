"""Processes beside this one: they answer requests, and may die of one without harm to anything else."""
