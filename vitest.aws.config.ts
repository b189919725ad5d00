import { defineConfig } from 'vitest/config';

/** The tests against a deployed system: `npm run test:aws` deploys it and runs them. */
export default defineConfig({
  test: {
    include: ['test/aws/*.test.ts', 'test/contracts/*.emulated.ts'],
    // One after the other: they share one table, and a runner takes every shard that nobody holds.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
