import type { Logger } from 'pino';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const;

/**
 * Takes the console away from every library. libsignal prints whole sessions, private keys and all, with
 * `console.info` ("Closing session:", libsignal/src/session_record.js), so what is printed is only counted.
 * Call it before libsignal is imported.
 */
export function redirectConsole(log: Logger): void {
  for (const method of METHODS) {
    console[method] = () =>
      log.trace({ method }, 'A library wrote to the console; the text is dropped.');
  }
}
