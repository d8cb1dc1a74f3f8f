# Two images from one file: `service` answers; `worker` is the same with what trains. Wheels are made in a stage of their
# own, so neither image holds a compiler, and `service` holds no scikit-learn.
# Tested without an engine, step by step: tests/project/test_dockerfile.py.

FROM python:3.13.9-slim-bookworm AS wheels
WORKDIR /src
COPY requirements-build.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.lock
COPY requirements-service.lock ./
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes --wheel-dir /wheels -r requirements-service.lock
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY training training
COPY service service
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheels .

FROM python:3.13.9-slim-bookworm AS service
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
# Compiled once, here: no start and no request waits for the compiler.
RUN python -m models.warm && chmod -R a+rX /usr/local/var/lanmu
RUN install -d -o 10001 -g 10001 /data
WORKDIR /data
VOLUME /data
USER 10001:10001
ENV LANMU_HOST=0.0.0.0 LANMU_PORT=8000 LANMU_DATA_DIR=/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["lanmu", "serve"]

FROM service AS worker
USER root
COPY requirements-worker.lock /opt/
# What the service has is there already, in the same versions: this adds scikit-learn and its own, all of them wheels.
RUN pip install --no-cache-dir --no-deps --only-binary=:all: --require-hashes -r /opt/requirements-worker.lock
USER 10001:10001
HEALTHCHECK NONE
CMD ["lanmu", "worker"]
