import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** They look at what a process of their own does: its globals, its connections. */
const ALONE = ['test/functions/http/wire-forms.test.ts'];
/** Their files change nothing that the next one finds, so that a process loads the modules once for many of them. */
const TOGETHER = [
  'test/functions/**/*.test.ts',
  'test/shared/**/*.test.ts',
  'test/openapi/**/*.test.ts',
];

export default defineConfig({
  test: {
    // Much of the time goes by in waiting for other processes: a third worker uses what two cores have left.
    maxWorkers: 3,
    // Most files import Baileys, whose code takes a worker half a second to compile.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/node', import.meta.url)),
    },
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          // Those of the AWS home ask a deployment: `npm run test:aws`.
          exclude: ['test/aws/**', ...TOGETHER],
        },
      },
      {
        extends: true,
        test: { name: 'together', include: TOGETHER, exclude: ALONE, isolate: false },
      },
      { extends: true, test: { name: 'by itself', include: ALONE } },
    ],
  },
});
