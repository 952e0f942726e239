"""From the networks' scores to rows and notes: plain arrays in, notation out. No Lightning, no datasets."""
