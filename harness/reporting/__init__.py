"""Writers: pure functions from results to a report, one format a file."""
