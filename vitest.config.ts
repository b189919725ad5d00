import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They ask a deployment: `npm run test:aws`.
    exclude: ['test/aws/**'],
    // Much of the time goes by in waiting for other processes: a third worker uses what two cores have left.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
