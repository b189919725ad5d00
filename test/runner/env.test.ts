import { afterEach, describe, expect, it, vi } from 'vitest';
import { readRunnerEnv, toNetwork } from '#runner/env.ts';

const NAMES = [
  'DATA_DIR',
  'SHARD_COUNT',
  'ALLOW_PRIVATE_URLS',
  'LOG_LEVEL',
  'WHATSAPP_URL',
  'WHATSAPP_NOISE_ROOT',
];

function readWith(variables: Record<string, string>) {
  for (const name of NAMES) vi.stubEnv(name, variables[name]);
  return readRunnerEnv();
}

describe('readRunnerEnv', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('speaks to WhatsApp itself, and dials public addresses alone, when it is told nothing', () => {
    const env = readWith({});
    expect(env.ALLOW_PRIVATE_URLS).toBe(false);
    expect(toNetwork(env)).toEqual({ kind: 'whatsapp' });
  });

  it('speaks to a simulated network that it is told of', () => {
    const root = Buffer.alloc(32, 9);
    const env = readWith({
      WHATSAPP_URL: 'ws://127.0.0.1:3002/ws/chat',
      WHATSAPP_NOISE_ROOT: root.toString('base64'),
      ALLOW_PRIVATE_URLS: '1',
      SHARD_COUNT: '8',
    });
    expect(env).toMatchObject({ ALLOW_PRIVATE_URLS: true, SHARD_COUNT: 8 });
    expect(toNetwork(env)).toEqual({
      kind: 'simulated',
      url: 'ws://127.0.0.1:3002/ws/chat',
      noiseRoot: root,
    });
  });

  it.each<[string, Record<string, string>]>([
    ['an address without a root', { WHATSAPP_URL: 'ws://127.0.0.1:3002/' }],
    ['a root without an address', { WHATSAPP_NOISE_ROOT: 'AAAA' }],
    ['a flag that is neither 0 nor 1', { ALLOW_PRIVATE_URLS: 'yes' }],
    ['no shards', { SHARD_COUNT: '0' }],
  ])('refuses %s', (_name, variables) => {
    expect(() => readWith(variables)).toThrow();
  });
});
