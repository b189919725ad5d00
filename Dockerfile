# The runner: the process that holds the WhatsApp sessions. Node runs the TypeScript as it is, so nothing is built.
# It runs as an ordinary user, writes no file, and needs no root file system that can be written.

FROM node:24.21.0-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Native parts come as packages of their own: no package's script has to run.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24.21.0-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
# Its `imports` are how the files find each other.
COPY package.json ./
COPY shared ./shared
COPY runner ./runner
USER node
# Whether the runner is at work, as it says itself on the loopback.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "runner/health/check.ts"]
# Node is process 1: the runner takes SIGTERM and SIGINT itself, and starts no process that it would have to bury.
CMD ["node", "runner/main.ts"]
