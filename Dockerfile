# Two images from one file: `service` answers, `worker` trains. Wheels are made in stages of their own, so neither
# image holds a compiler, and `service` holds no scikit-learn.
# Tested without an engine, step by step: tests/project/test_dockerfile.py.

FROM python:3.13.9-slim-bookworm AS tools
WORKDIR /src
COPY requirements-build.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-build.lock

FROM tools AS service-wheels
COPY requirements-service.lock ./
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes --wheel-dir /wheels -r requirements-service.lock
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY training training
COPY service service
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheels .

FROM tools AS worker-wheels
COPY requirements-worker.lock ./
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes --wheel-dir /wheels -r requirements-worker.lock
COPY pyproject.toml README.md LICENSE ./
COPY models models
COPY training training
COPY service service
RUN pip wheel --no-deps --no-build-isolation --no-index --wheel-dir /wheels .

FROM python:3.13.9-slim-bookworm AS worker
RUN --mount=type=bind,from=worker-wheels,source=/wheels,target=/wheels pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
# Compiled once, here: no start and no request waits for the compiler.
RUN python -m models.warm && chmod -R a+rX /usr/local/var/lanmu
RUN install -d -o 10001 -g 10001 /data
WORKDIR /data
VOLUME /data
USER 10001:10001
CMD ["lanmu-train", "--help"]

FROM python:3.13.9-slim-bookworm AS service
RUN --mount=type=bind,from=service-wheels,source=/wheels,target=/wheels pip install --no-cache-dir --no-index --no-deps /wheels/*.whl
RUN python -m models.warm && chmod -R a+rX /usr/local/var/lanmu
RUN install -d -o 10001 -g 10001 /data
WORKDIR /data
VOLUME /data
USER 10001:10001
ENV LANMU_HOST=0.0.0.0 LANMU_PORT=8000 LANMU_DATA_DIR=/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["lanmu", "serve"]
