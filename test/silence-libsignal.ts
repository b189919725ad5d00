import { afterAll, beforeAll, vi } from 'vitest';

/** libsignal prints sessions, private keys included, with console.*: not into the output of this file's tests. */
export function silenceLibsignal(): void {
  beforeAll(() => {
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      vi.spyOn(console, method).mockImplementation(() => undefined);
    }
  });
  afterAll(() => void vi.restoreAllMocks());
}
