"""Files for other programs, from a `Song`: StepMania simfiles now. Knows `charter.notation` and nothing else of ours."""
