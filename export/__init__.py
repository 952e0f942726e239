"""Files for other programs, from a `Song`: StepMania simfiles now. Knows `charter.notation`, nothing else of ours."""
