"""What staff see in the browser."""
