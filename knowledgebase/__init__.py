"""The Django project around the one app, `treatments`: settings, addresses, server and the embedded database engine."""
