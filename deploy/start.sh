#!/bin/sh
# What a container does first: bring the database up to this code, then serve. Safe to run again.
set -eu
umask 077
python manage.py migrate --verbosity 0
python manage.py load_articles --if-empty
python manage.py collectstatic --no-input --verbosity 0
# Says what is not safe, and what patients do not find yet.
python manage.py check --deploy
exec python -m gunicorn --config site_project/gunicorn.conf.py --bind "${BIND:-0.0.0.0:8000}" site_project.wsgi
