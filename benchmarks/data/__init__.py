"""What benchmarks are held against: the shared data sets, and texts that are made up here."""
