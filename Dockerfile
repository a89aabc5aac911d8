# The site with what it needs, for PostgreSQL or SQLite. Nothing secret comes in: settings and secrets are given at the start.
# docs/operations.md says how to use it; tests/test_deployment.py holds it to what is there.
FROM python:3.11.14-slim-bookworm AS packages
WORKDIR /srv/back-spasm
COPY requirements/postgres.txt requirements/postgres.txt
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r requirements/postgres.txt

FROM python:3.11.14-slim-bookworm
# pg_dump and pg_restore of the database's own version, for manage.py backup and restore.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client-15 \
 && rm -rf /var/lib/apt/lists/*
# A number of its own, so that files on the volume belong to the same user in every new image.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin back-spasm \
 && install -d -m 700 -o back-spasm -g back-spasm /var/lib/back-spasm
WORKDIR /srv/back-spasm
COPY --from=packages /srv/back-spasm/.venv .venv
COPY manage.py LICENSE ./
COPY site_project site_project
COPY core core
COPY staff staff
COPY content content
COPY assessment assessment
COPY templates templates
COPY static static
COPY docs docs
COPY deploy deploy
ENV PATH=/srv/back-spasm/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/var/lib/back-spasm
USER back-spasm
VOLUME /var/lib/back-spasm
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s --retries=3 CMD ["python", "deploy/alive.py"]
CMD ["sh", "deploy/start.sh"]
