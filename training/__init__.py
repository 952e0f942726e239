"""Lightning around the networks of `charter.model`: tasks, data modules, configs. Not needed to generate."""
