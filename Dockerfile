# The service without the model's server: Python, the package and its weights for embedding. Runs as nobody in particular.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /opt/cdss
ENV PATH=/opt/cdss/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Named first and by its exact release, so that pip does not look for a newer one.
RUN pip install torch==2.13.0
COPY pyproject.toml README.md LICENSE ./
COPY cdss cdss
COPY checkers checkers
COPY guidelines guidelines
COPY ingest ingest
RUN pip install .

FROM python:3.11.14-slim-bookworm
COPY --from=build /opt/cdss /opt/cdss
COPY --from=build /app/guidelines/documents /app/guidelines/documents
ENV PATH=/opt/cdss/bin:$PATH PYTHONUNBUFFERED=1 HF_HUB_OFFLINE=1 CDSS_HOME=/data
RUN useradd --uid 10001 --create-home cdss && install --directory --owner=cdss /data
USER cdss
WORKDIR /data
VOLUME /data
EXPOSE 8000
CMD ["cdss", "serve"]
