import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const PRINTER = new URL('./fixtures/print-with-libsignal.ts', import.meta.url).pathname;
const run = promisify(execFile);

describe('redirectConsole', () => {
  it("keeps libsignal's keys out of stdout and stderr, and counts its lines in the log", async () => {
    const { stdout, stderr } = await run(process.execPath, [PRINTER, 'redirected']);
    expect(stderr).toBe('');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatchObject({ level: 'TRACE', message: expect.stringContaining('dropped') });
      expect(Object.keys(line).sort()).toEqual([
        'level',
        'message',
        'method',
        'service',
        'timestamp',
      ]);
    }
  });

  it('is needed: without it libsignal prints private keys', async () => {
    const { stdout } = await run(process.execPath, [PRINTER]);
    expect(stdout).toContain('privKey');
  });
});
