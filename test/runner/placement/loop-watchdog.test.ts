import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const WATCHDOG = new URL('../../../runner/placement/loop-watchdog.ts', import.meta.url).href;
const FENCE_AFTER_MS = 1_000;
/** Whatever becomes of the watchdog, its process ends. */
const CHILD_MS_MAX = 15_000;

/** A process of its own whose loop is watched, and that then does what the script says. */
async function watched(script: string, fenceAfterMs = FENCE_AFTER_MS) {
  const code = `
    const { watchLoop } = await import(${JSON.stringify(WATCHDOG)});
    const lines = [];
    const say = (_fields, sentence) => lines.push(sentence);
    const unwatch = watchLoop({
      timings: { fenceAfterMs: ${fenceAfterMs} },
      monotonicMs: () => performance.now(),
      log: { warn: say, error: say },
    });
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    // The thread is up.
    await sleep(700);
    ${script}
    await unwatch();
    process.stdout.write(lines.join());`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    timeout: CHILD_MS_MAX,
    killSignal: 'SIGKILL',
  });
  const [stdout, stderr, end] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) =>
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal })),
    ),
  ]);
  return { stdout, stderr, end };
}

describe('watchLoop', () => {
  it('ends a process whose loop stands still for longer than the fence allows, and says so', async () => {
    const { stderr, end } = await watched('for (;;);');
    expect(end).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(stderr).toContain('The event loop stands still');
  });

  it('says so when the loop was more than two seconds late', async () => {
    const { stdout, end } = await watched('block(2_600); await sleep(600);', 10_000);
    expect(end).toEqual({ exitCode: 0, signal: null });
    expect(stdout).toBe('The event loop was late.');
  });

  it('lets a process live whose loop is held up for less', async () => {
    const { stdout, end } = await watched('block(500); await sleep(600); block(500);');
    expect(end).toEqual({ exitCode: 0, signal: null });
    expect(stdout).toBe('');
  });
});
