"""Jobs that wait, run in worker processes or on Ray, and are told of."""
