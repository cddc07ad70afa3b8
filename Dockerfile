# syntax=docker/dockerfile:1@sha256:4edf897a3ffa55b89f906fc8cc78afdb3f1834cc9c7083565e611a8a7d5fe99e
# The test of the image goes these steps without an engine: each RUN works in its own folder alone.

# The package, which holds all that it needs, and its bill of materials.
FROM node:24-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS pack
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json README.md LICENSE CHANGELOG.md ./
COPY src ./src
COPY bin ./bin
COPY docs ./docs
COPY examples ./examples
COPY packaging ./packaging
RUN npm run --silent package
RUN mkdir app && tar -xzf regcred-*.tgz -C app --strip-components=1 --no-same-owner

# Node and nothing else: no shell, no package manager.
FROM gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a
LABEL org.opencontainers.image.title="regcred" \
      org.opencontainers.image.description="An admission webhook that checks pull secrets before the kubelet has to" \
      org.opencontainers.image.source="https://github.com/regcred/regcred" \
      org.opencontainers.image.documentation="https://github.com/regcred/regcred/blob/main/docs/install.md" \
      org.opencontainers.image.licenses="Apache-2.0"
# glibc gives each thread a heap of its own and gives little of any back: two are enough, and take half the memory after a flood.
ENV NODE_ENV=production PATH=/nodejs/bin:/usr/bin:/bin MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=pack /src/app ./
USER 65532:65532
EXPOSE 10250 8080 8081
ENTRYPOINT ["node", "/app/bin/regcred.js"]
CMD ["--help"]
