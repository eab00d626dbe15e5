"""The command line: one command a stage. It composes stages and turns errors into words, nothing else."""
