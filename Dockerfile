# The base is an argument so that a mirror or a local image can take its place.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /app
# For the native driver of SQLite, should there be no prebuilt one for this platform.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json ./
RUN npm install --no-audit --no-fund
COPY . .
RUN npx prisma generate && npx remix vite:build
# Every package is inside the build but the native ones: the driver of SQLite, what draws pictures and what hashes passwords.
RUN mkdir -p /out/prisma /out/node_modules/better-sqlite3/build/Release \
  && cp -r build package.json LICENSE /out/ \
  && cp -r prisma/migrations /out/prisma/ \
  && cp -r node_modules/bindings node_modules/file-uri-to-path /out/node_modules/ \
  && cp -r node_modules/@img node_modules/@node-rs node_modules/detect-libc node_modules/semver /out/node_modules/ \
  && mkdir /out/node_modules/sharp \
  && cp -r node_modules/sharp/package.json node_modules/sharp/LICENSE node_modules/sharp/dist /out/node_modules/sharp/ \
  && cp -r node_modules/better-sqlite3/package.json node_modules/better-sqlite3/LICENSE \
    node_modules/better-sqlite3/lib /out/node_modules/better-sqlite3/ \
  && cp node_modules/better-sqlite3/build/Release/better_sqlite3.node \
    /out/node_modules/better-sqlite3/build/Release/

FROM ${BASE}
ENV NODE_ENV=production PORT=3000 DATABASE_FILE=/data/gatehouse.sqlite
RUN mkdir /data && chown 10001:10001 /data
WORKDIR /app
COPY --from=build /out ./
# A fixed number, so that a volume keeps its owner from one image to the next. Root may be read-only: only /data is written.
USER 10001:10001
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# --liftoff-only: the query compiler (WebAssembly) is compiled once, not twice, which saves 77 MB.
CMD ["node", "--max-old-space-size=256", "--max-semi-space-size=8", "--liftoff-only", "build/server/index.js"]
