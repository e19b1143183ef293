"""What bench/quick and bench/run share: readings, the two supervisors that are compared, scenarios and the report."""
