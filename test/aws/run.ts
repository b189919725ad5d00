import { installMiniStack, MINISTACK_VERSION } from './harness/install-ministack.ts';
import { prove } from './harness/prove.ts';
import { startMiniStack } from './harness/start-ministack.ts';

/** `npm run test:aws`, with names of test files to run only these: `npm run test:aws -- same-bytes`. */
await prove({
  filters: process.argv.slice(2),
  start: async ({ steps, ...options }) => {
    const python = await steps.run(`MiniStack ${MINISTACK_VERSION} into .cache`, () =>
      installMiniStack(options),
    );
    return await steps.run('MiniStack up', () => startMiniStack({ ...options, python }));
  },
});
