import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They ask a deployment: `npm run test:aws`.
    exclude: ['test/aws/**'],
    // Much of the time goes by in waiting for other processes, so a worker for each of two cores is not too many.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
