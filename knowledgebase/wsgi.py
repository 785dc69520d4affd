"""The WSGI application that gunicorn serves (`gunicorn -c python:knowledgebase.serving knowledgebase.wsgi`)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knowledgebase.settings")

application = get_wsgi_application()
