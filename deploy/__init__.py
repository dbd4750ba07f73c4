"""How Aryk is put together and run: settings, addresses, worker, server."""
