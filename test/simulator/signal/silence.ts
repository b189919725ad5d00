import { afterEach, beforeEach, vi } from 'vitest';

/** libsignal prints its sessions, private keys and all: the tests keep it quiet. */
export function silenceLibsignal(): void {
  beforeEach(() => {
    for (const method of ['info', 'warn', 'error', 'log'] as const) {
      vi.spyOn(console, method).mockImplementation(() => undefined);
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}
