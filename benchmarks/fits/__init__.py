"""Fits that several benchmarks look at, and what they are compared with."""
