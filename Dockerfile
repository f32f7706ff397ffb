# One image for web, worker, beat and set-up; docker/entrypoint says which.
FROM python:3.11-slim-bookworm AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
WORKDIR /app
# hadolint ignore=DL3013,DL3042
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir uv
COPY requirements.txt .
RUN /venv/bin/uv pip sync --require-hashes -p /venv/bin/python requirements.txt

FROM python:3.11-slim-bookworm
# What WeasyPrint loads, and glyphs for Chinese. Debian's security updates move the versions, so they are not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin redress \
 && install -d -o redress -g redress /data
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 REDRESS_DATA=/data
# No secret is in the image: the test mode makes its own in a folder that goes away.
RUN python bin/_messages \
 && REDRESS_MODE=test REDRESS_DATA=/tmp/build REDRESS_STATIC_MANIFEST=1 python manage.py collectstatic --noinput -v 0 \
 && rm -rf /tmp/build
ENV REDRESS_MODE=production
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 CMD ["python", "docker/healthy"]
ENTRYPOINT ["docker/entrypoint"]
CMD ["web"]
