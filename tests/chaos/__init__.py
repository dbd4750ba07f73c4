"""The server's side of the simulator: see docs/chaos.md."""
