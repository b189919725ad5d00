import { afterEach, expect, it, vi } from 'vitest';
import { readEnv, readTraceId } from '#functions/env.ts';

const SECRET = 'thirty-two bytes are just enough';

afterEach(() => {
  vi.unstubAllEnvs();
});

const AWS = {
  STORAGE: 'aws',
  TABLE_NAME: 'table',
  QUEUE_URL_BASE: 'https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-',
  MEDIA_BUCKET: 'media',
  JWT_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:jwt-AbCdEf',
};

function stubAws(): void {
  for (const [name, value] of Object.entries(AWS)) vi.stubEnv(name, value);
}

it('needs nothing but the secret', () => {
  vi.stubEnv('JWT_SECRET', SECRET);
  vi.stubEnv('DATA_DIR', undefined);

  expect(readEnv()).toEqual({
    STORAGE: 'embedded',
    DATA_DIR: '.data',
    JWT_SECRET: SECRET,
    SHARD_COUNT: 4,
    ALLOW_PRIVATE_URLS: false,
    PACE: true,
    MESSAGES_PER_MINUTE: 3_000,
    OPEN_REGISTRATION: true,
    LOG_LEVEL: 'info',
    SERVICE_NAME: 'functions',
    METRICS: 'none',
  });
});

it('needs to know on AWS where everything is, and lets nobody register', () => {
  stubAws();

  expect(readEnv()).toEqual({
    ...AWS,
    SHARD_COUNT: 4,
    ALLOW_PRIVATE_URLS: false,
    PACE: true,
    MESSAGES_PER_MINUTE: 3_000,
    OPEN_REGISTRATION: false,
    LOG_LEVEL: 'info',
    SERVICE_NAME: 'functions',
    METRICS: 'emf',
  });
});

it('opens the registration on AWS when it is told to', () => {
  stubAws();
  vi.stubEnv('OPEN_REGISTRATION', '1');

  expect(readEnv()).toMatchObject({ OPEN_REGISTRATION: true });
});

it('reads numbers and switches', () => {
  vi.stubEnv('JWT_SECRET', SECRET);
  vi.stubEnv('SHARD_COUNT', '16');
  vi.stubEnv('ALLOW_PRIVATE_URLS', '1');
  vi.stubEnv('PACE', 'off');
  vi.stubEnv('MESSAGES_PER_MINUTE', '0');
  vi.stubEnv('OPEN_REGISTRATION', '0');

  expect(readEnv()).toMatchObject({
    SHARD_COUNT: 16,
    ALLOW_PRIVATE_URLS: true,
    PACE: false,
    MESSAGES_PER_MINUTE: 0,
    OPEN_REGISTRATION: false,
  });
});

it.each([
  ['JWT_SECRET', SECRET.slice(1)],
  ['JWT_SECRET', undefined],
  ['STORAGE', 'paper'],
  ['METRICS', 'statsd'],
  ['SHARD_COUNT', '0'],
  ['ALLOW_PRIVATE_URLS', 'yes'],
  ['PACE', '1'],
  ['MESSAGES_PER_MINUTE', '-1'],
  ['MESSAGES_PER_MINUTE', 'many'],
])('refuses %s=%s by its name', (name, value) => {
  vi.stubEnv('JWT_SECRET', SECRET);
  vi.stubEnv(name, value);

  expect(readEnv).toThrow(name);
});

it.each(['TABLE_NAME', 'QUEUE_URL_BASE', 'MEDIA_BUCKET', 'JWT_SECRET_ARN'])(
  'refuses AWS without %s by its name',
  (name) => {
    stubAws();
    vi.stubEnv(name, undefined);

    expect(readEnv).toThrow(name);
  },
);

it('finds the trace that X-Ray follows, when there is one', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-67891233-abcdef012345678912345678;Parent=463a;Sampled=1');
  expect(readTraceId()).toBe('1-67891233-abcdef012345678912345678');
  vi.stubEnv('_X_AMZN_TRACE_ID', undefined);
  expect(readTraceId()).toBeUndefined();
});
