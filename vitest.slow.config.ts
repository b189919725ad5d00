import { defineConfig } from 'vitest/config';

/** The proofs that take their time: fleets of processes, floods, memory, every crash point. */
export default defineConfig({
  test: {
    include: ['test/**/*.slow.ts'],
    // Each has several processes of its own.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
