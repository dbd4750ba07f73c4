"""What `make bench` measures. Figures, never assertions: a busy machine must not fail a test."""
