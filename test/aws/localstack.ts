import { prove } from './harness/prove.ts';
import { startLocalStack } from './harness/start-localstack.ts';

/** `npm run localstack`: the same proof on LocalStack, in Docker, as far as its image goes. */
await prove({
  filters: process.argv.slice(2),
  start: async ({ steps, ...options }) =>
    await steps.run('LocalStack up', () => startLocalStack(options)),
});
