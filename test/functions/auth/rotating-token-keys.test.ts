import { describe, expect, it } from 'vitest';
import { checkAccessToken, signAccessToken } from '#functions/auth/access-token.ts';
import { RotatingTokenKeys, type SecretVersion } from '#functions/auth/rotating-token-keys.ts';

const MINUTE_MS = 60_000;
const SUBJECT = { accountId: 'a'.repeat(24), loginId: 'b'.repeat(24) };

/** A secret that is rotated, and processes that read it, on one clock. */
function aSecret() {
  const clock = { ms: Date.parse('2026-11-22T12:00:00Z') };
  const now = () => new Date(clock.ms);
  let versions: SecretVersion[] = [];
  let isAway = false;
  const reads = { count: 0 };
  const faults: unknown[] = [];

  function rotate(): void {
    const name = `${versions.length}`.padStart(32, 'k');
    versions = [{ key: new TextEncoder().encode(name), createdAt: now() }, ...versions];
  }
  rotate();
  clock.ms += 24 * 60 * MINUTE_MS;

  return {
    rotate,
    reads,
    faults,
    pass: (minutes: number) => {
      clock.ms += minutes * MINUTE_MS;
    },
    away: (away: boolean) => {
      isAway = away;
    },
    aProcess() {
      const tokenKeys = new RotatingTokenKeys({
        readVersions: async () => {
          reads.count += 1;
          const [current, previous] = versions;
          if (isAway || current === undefined) throw new Error('Secrets Manager is away');
          return { current, previous };
        },
        now,
        onFault: (cause) => faults.push(cause),
      });
      return {
        sign: async () => await signAccessToken(SUBJECT, { tokenKeys, now }),
        check: async (token: string) => (await checkAccessToken(token, { tokenKeys, now })).kind,
      };
    },
  };
}

describe('the keys of a rotated secret', () => {
  it('are read once for many calls', async () => {
    const { aProcess, reads } = aSecret();
    const { sign, check } = aProcess();
    const tokens = await Promise.all([sign(), sign(), sign()]);
    for (const token of tokens) expect(await check(token)).toBe('valid');
    expect(reads.count).toBe(1);
  });

  it('log nobody out: all along a rotation each process takes the tokens of each other', async () => {
    const { aProcess, rotate, pass } = aSecret();
    const processes = [aProcess(), aProcess(), aProcess()];
    const foreign = await aSecretOfSomebodyElse();
    let held: string[] = [];
    for (let third = 0; third < 75; third += 1) {
      if (third === 20) rotate();
      // They begin one after the other; and one sees no calls for long, like a Lambda that is frozen.
      const isFrozen = third > 30 && third < 60;
      const awake = processes.slice(isFrozen ? 1 : 0, third + 1);
      const signed = await Promise.all(awake.map(({ sign }) => sign()));
      held = [...signed, ...held].slice(0, 12);
      // Somebody tries to use up the one reading a minute.
      expect(await outcomes(awake, [foreign])).toEqual(new Set(['invalid']));
      expect(await outcomes(awake, held)).toEqual(new Set(['valid']));
      pass(1 / 3);
    }
  });

  it('sign with the new version in the end, and forget the one that was rotated away twice', async () => {
    const { aProcess, rotate, pass } = aSecret();
    const before = await aProcess().sign();
    rotate();
    pass(11);
    const between = await aProcess().sign();
    rotate();
    const late = aProcess();
    expect(await late.check(before)).toBe('invalid');
    expect(await late.check(between)).toBe('valid');
  });

  it('are read again for a signature that nobody knows, at most once a minute', async () => {
    const { aProcess, reads, pass } = aSecret();
    const foreign = await aSecretOfSomebodyElse();
    const { sign, check } = aProcess();
    await sign();
    for (let n = 0; n < 20; n += 1) expect(await check(foreign)).toBe('invalid');
    expect(reads.count).toBe(1);
    pass(1);
    for (let n = 0; n < 20; n += 1) expect(await check(foreign)).toBe('invalid');
    expect(reads.count).toBe(2);
  });

  it('are found at once when they are new', async () => {
    const { aProcess, rotate, pass } = aSecret();
    const early = aProcess();
    await early.sign();
    rotate();
    rotate();
    pass(2);
    expect(await early.check(await aProcess().sign())).toBe('valid');
  });

  it('stay while the secret cannot be read, and are asked for once a minute', async () => {
    const { aProcess, away, pass, reads, faults } = aSecret();
    const { sign, check } = aProcess();
    await sign();
    away(true);
    pass(5);
    for (let n = 0; n < 5; n += 1) expect(await check(await sign())).toBe('valid');
    expect(reads.count).toBe(2);
    expect(faults).toHaveLength(1);
    away(false);
    pass(1);
    await sign();
    expect(reads.count).toBe(3);
    expect(faults).toHaveLength(1);
  });

  it('are unavailable when there never were any, and are there with the next call', async () => {
    const { aProcess, away } = aSecret();
    const { sign } = aProcess();
    away(true);
    await expect(sign()).rejects.toMatchObject({
      code: 'unavailable',
      cause: { message: 'Secrets Manager is away' },
    });
    away(false);
    expect(await sign()).toContain('.');
  });
});

/** What the processes say to the tokens, one after the other. */
async function outcomes(
  processes: readonly { check(token: string): Promise<string> }[],
  tokens: readonly string[],
): Promise<Set<string>> {
  const said = new Set<string>();
  for (const { check } of processes) {
    for (const token of tokens) said.add(await check(token));
  }
  return said;
}

async function aSecretOfSomebodyElse(): Promise<string> {
  const tokenKeys = new RotatingTokenKeys({
    readVersions: async () => ({
      current: { key: new Uint8Array(32).fill(9), createdAt: new Date(0) },
      previous: undefined,
    }),
    now: () => new Date(),
    onFault: () => undefined,
  });
  return await signAccessToken(SUBJECT, { tokenKeys, now: () => new Date() });
}
