# The build makes a virtual environment with everything in it; the image gets that and nothing that builds.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /build
RUN python -m venv /opt/sayso
ENV PATH=/opt/sayso/bin:$PATH
# What is pinned changes seldom, the code often: the packages are a layer of their own.
COPY constraints.txt pyproject.toml ./
RUN python -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['project']['dependencies'], sep='\n')" > needed.txt \
 && pip install --constraint constraints.txt --requirement needed.txt
COPY LICENSE README.md ./
COPY app app
COPY migrations migrations
COPY seeds seeds
RUN pip install --no-deps . && pip check && pip uninstall --yes pip setuptools

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 sayso \
 && useradd --system --uid 10001 --gid sayso --no-create-home --home-dir /data sayso \
 && install --directory --owner=sayso --group=sayso --mode=0750 /data
COPY --from=build /opt/sayso /opt/sayso
# SAYSO_ACCESS is left to whoever runs the image: without it the service asks for keys, and does not start before there
# is one: docker run ... sayso:0.1.0 sayso keys create NAME
ENV PATH=/opt/sayso/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SAYSO_DATABASE_URL=sqlite:////data/sayso.sqlite3 \
    SAYSO_HOST=0.0.0.0 \
    SAYSO_PORT=8000
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["sh", "-c", "sayso migrate && exec sayso serve"]
