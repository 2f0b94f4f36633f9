"""A whole commune on one machine, for trying, for measuring and for the tests: real processes, throw-away or kept."""
