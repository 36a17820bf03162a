"""Each module is a benchmark, but `report`, by which they tell; what they need has rooms of its own."""
