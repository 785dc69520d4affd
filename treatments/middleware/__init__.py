"""What stands between the server and every view; settings.MIDDLEWARE says in which order."""
