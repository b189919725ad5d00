const DEFAULT_PORT = '8080';

/** Where the runner beside answers for its health. Read without zod: the check starts every few seconds. */
export function readHealthPort(): string {
  return process.env['HEALTH_PORT'] ?? DEFAULT_PORT;
}
