"""`make run` and `make test` on one machine. Standard library only: it runs before anything is installed."""
