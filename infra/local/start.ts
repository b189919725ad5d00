import { parseArgs } from 'node:util';
import * as z from 'zod';
import { findDemoAccount } from './demo-account.ts';
import { readLocalEnv } from './env.ts';
import { type LocalSystem, startLocalSystem } from './local-system.ts';
import { whenNpmIsGone } from './npm-watch.ts';
import { welcome } from './welcome.ts';

await start().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});

async function start(): Promise<void> {
  const { values } = parseArgs({ options: { live: { type: 'boolean', default: false } } });
  const env = readLocalEnv();
  const system = await startLocalSystem({ ...env, isLive: values.live });
  stopWhenTold(system);
  const account = await findDemoAccount(system.url, env.DATA_DIR);
  if (!values.live) await system.makeAdmin(account.email);
  process.stdout.write(welcome({ ...system, account, dataDir: env.DATA_DIR }));
}

function stopWhenTold(running: LocalSystem): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    process.stdout.write('Stopping…\n');
    void running.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  whenNpmIsGone(stop);
}

/** What went wrong, for a person at a terminal. */
function explain(error: unknown): string {
  if (error instanceof z.ZodError) return `A variable is wrong:\n${z.prettifyError(error)}`;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') {
    return `${error.message}\nAnother program uses that port. Set PORT or SIMULATOR_PORT, or stop it.`;
  }
  return `${error.message}${error.cause instanceof Error ? `\n  because: ${error.cause.message}` : ''}`;
}
