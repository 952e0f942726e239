"""Corpora of simfiles: what a folder holds, which of its charts are fit to learn from, and how songs are split."""
