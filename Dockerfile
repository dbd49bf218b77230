FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/
RUN /opt/venv/bin/pip install --no-cache-dir --no-input --require-hashes --requirement /tmp/requirements.lock


FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --home-dir /var/lib/ccxp-prep --create-home ccxp-prep
COPY --from=packages /opt/venv /opt/venv

# The packages are in the image: manage.py makes no environment of its own.
ENV PATH=/opt/venv/bin:$PATH \
    CCXP_PREP_NO_BOOTSTRAP=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/var/lib/ccxp-prep \
    STATIC_ROOT=/app/collected-static

WORKDIR /app
COPY . .
RUN python -m compileall -q . && python manage.py collectstatic --no-input

USER 10001
EXPOSE 8000
CMD ["gunicorn", "ccxp_prep.wsgi", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--threads=4", "--no-control-socket"]
