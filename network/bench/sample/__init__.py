"""The sample workload that lab, tests, bench and demo carry: its builder, its load. No office ever runs it."""
