"""The console: pages for people, of what the routes answer to machines."""
