import { get } from 'node:http';
import { readHealthPort } from './env.ts';

const TIMEOUT_MS = 2_000;

/** The container's health check: ends with 0 when the runner beside says that it is well, with 1 else. */
const request = get(
  { host: '127.0.0.1', port: readHealthPort(), path: '/', timeout: TIMEOUT_MS },
  (response) => process.exit(response.statusCode === 200 ? 0 : 1),
);
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
