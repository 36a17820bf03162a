"""A site of its own for a benchmark, the people who talk to it, and what its pages may say."""
