"""The ways to reach Seatwise, and the checks that every visitor's words pass first."""
