"""HTTP and WebSocket in front of the store and the queue."""
