import { afterEach, expect, it, vi } from 'vitest';
import { readEnv } from '#functions/env.ts';

const SECRET = 'thirty-two bytes are just enough';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('needs nothing but the secret', () => {
  vi.stubEnv('JWT_SECRET', SECRET);
  vi.stubEnv('DATA_DIR', undefined);

  expect(readEnv()).toEqual({
    STORAGE: 'embedded',
    DATA_DIR: '.data',
    JWT_SECRET: SECRET,
    SHARD_COUNT: 4,
    ALLOW_PRIVATE_URLS: false,
    OPEN_REGISTRATION: true,
    LOG_LEVEL: 'info',
  });
});

it('reads numbers and switches', () => {
  vi.stubEnv('JWT_SECRET', SECRET);
  vi.stubEnv('SHARD_COUNT', '16');
  vi.stubEnv('ALLOW_PRIVATE_URLS', '1');
  vi.stubEnv('OPEN_REGISTRATION', '0');

  expect(readEnv()).toMatchObject({
    SHARD_COUNT: 16,
    ALLOW_PRIVATE_URLS: true,
    OPEN_REGISTRATION: false,
  });
});

it.each([
  ['JWT_SECRET', SECRET.slice(1)],
  ['JWT_SECRET', undefined],
  ['STORAGE', 'aws'],
  ['SHARD_COUNT', '0'],
  ['ALLOW_PRIVATE_URLS', 'yes'],
])('refuses %s=%s by its name', (name, value) => {
  vi.stubEnv('JWT_SECRET', SECRET);
  vi.stubEnv(name, value);

  expect(readEnv).toThrow(name);
});
