"""The reading room: pages for people, rendered on the server, good without JavaScript and better with it."""
