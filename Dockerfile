# Serialbook as an image: `docker build --tag serialbook .`; how it is run says compose.yaml.
# It runs as nobody in particular, and writes nowhere but to /tmp and its database.

FROM python:3.13-slim-trixie AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY . .
RUN SECRET_KEY=for-the-build DATABASE_URL=sqlite://:memory: \
    /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q /app

FROM python:3.13-slim-trixie
# pg_dump and pg_restore, of the version of compose.yaml's PostgreSQL, for backup and restore.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home serialbook
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0:8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-m", "operations.ask", "/health/ready"]
CMD ["gunicorn", "inventory.wsgi"]
