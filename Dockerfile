# syntax=docker/dockerfile:1
# The server with the RocksDB engine and the consoles in it; data in the volume /data.
FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc* ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY web ./
COPY protocols/openapi.json ../protocols/openapi.json
RUN npm run build

FROM rust:1.95-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends clang libclang-dev cmake \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=web /src/web/dist web/dist
ARG FEATURES=rocksdb
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    CARGO_TARGET_DIR=/src/target cargo build --profile dist --locked -p munshi --features "$FEATURES" \
    && cp /src/target/dist/munshi /munshi

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data munshi \
    && install -d -o munshi -g munshi /data /etc/munshi
COPY --from=build /munshi /usr/local/bin/munshi
COPY config/production.toml /etc/munshi/config.toml
USER munshi
VOLUME /data
EXPOSE 8080
ENV MUNSHI_CONFIG=/etc/munshi/config.toml MUNSHI_DATA__URL=rocksdb:///data/rocks
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["munshi"]
CMD ["serve"]
