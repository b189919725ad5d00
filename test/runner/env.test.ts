import { afterEach, describe, expect, it, vi } from 'vitest';
import { readRunnerEnv, toNetwork } from '#runner/env.ts';

const AWS = {
  STORAGE: 'aws',
  TABLE_NAME: 'whatsapp-bots',
  QUEUE_URL_BASE: 'https://sqs.eu-west-1.amazonaws.com/123456789012/whatsapp-bots-',
  MEDIA_BUCKET: 'media',
  AUTH_BUCKET: 'auth',
  KMS_KEY_ID: 'arn:aws:kms:eu-west-1:123456789012:key/1',
};

const NAMES = [
  ...Object.keys(AWS),
  'DATA_DIR',
  'PUBLIC_URL',
  'HEALTH_PORT',
  'METRICS',
  'SERVICE_NAME',
  'ECS_CONTAINER_METADATA_URI_V4',
  'ECS_AGENT_URI',
  'SHARD_COUNT',
  'ALLOW_PRIVATE_URLS',
  'PACE',
  'LOG_LEVEL',
  'WHATSAPP_URL',
  'WHATSAPP_NOISE_ROOT',
  'TIMINGS_SCALE',
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

  it('has its timings scaled in the sandbox alone', () => {
    expect(readWith({}).TIMINGS_SCALE).toBe(1);
    expect(readWith(AWS).TIMINGS_SCALE).toBe(1);
    const simulated = { WHATSAPP_URL: 'ws://127.0.0.1:3002/ws/chat', WHATSAPP_NOISE_ROOT: 'AAAA' };
    expect(readWith({ ...simulated, TIMINGS_SCALE: '0.2' }).TIMINGS_SCALE).toBe(0.2);
    expect(() => readWith({ ...simulated, TIMINGS_SCALE: '0.01' })).toThrow('TIMINGS_SCALE');
    expect(() => readWith({ TIMINGS_SCALE: '0.2' })).toThrow('TIMINGS_SCALE');
    expect(() => readWith({ ...AWS, TIMINGS_SCALE: '0.2' })).toThrow('TIMINGS_SCALE');
  });

  it('sends at a pace, until it is told not to', () => {
    expect(readWith({}).PACE).toBe(true);
    expect(readWith({ PACE: 'off' }).PACE).toBe(false);
    expect(() => readWith({ PACE: '0' })).toThrow('PACE');
  });

  it('keeps everything in a folder, measures nothing and has no health port, when it is told nothing', () => {
    const env = readWith({});
    expect(env).toMatchObject({ STORAGE: 'embedded', DATA_DIR: '.data', METRICS: 'none' });
    expect(env.HEALTH_PORT).toBeUndefined();
  });

  it('is told where the gateway serves the blobs of the embedded home', () => {
    expect(readWith({})).not.toHaveProperty('PUBLIC_URL');
    const PUBLIC_URL = 'http://127.0.0.1:3000';
    expect(readWith({ PUBLIC_URL })).toMatchObject({ STORAGE: 'embedded', PUBLIC_URL });
  });

  it('knows the AWS home, and measures there', () => {
    const env = readWith({ ...AWS, HEALTH_PORT: '8080' });
    expect(env).toMatchObject({ ...AWS, HEALTH_PORT: 8080, METRICS: 'emf' });
  });

  it('is told by ECS where to ask', () => {
    const ECS_AGENT_URI = 'http://169.254.170.2/api/158d1c80';
    const ECS_CONTAINER_METADATA_URI_V4 = 'http://169.254.170.2/v4/158d1c80';
    const env = readWith({ ...AWS, ECS_AGENT_URI, ECS_CONTAINER_METADATA_URI_V4 });
    expect(env).toMatchObject({ ECS_AGENT_URI, ECS_CONTAINER_METADATA_URI_V4 });
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
    ['a home that there is not', { STORAGE: 'gcp' }],
    ['an AWS home without a table', { ...AWS, TABLE_NAME: '' }],
    ['an AWS home without a place for auth states', { ...AWS, AUTH_BUCKET: '' }],
    ['an AWS home without a key for auth states', { ...AWS, KMS_KEY_ID: '' }],
    ['no port', { HEALTH_PORT: '0' }],
    ['an address that is none', { PUBLIC_URL: '127.0.0.1' }],
  ])('refuses %s', (_name, variables) => {
    expect(() => readWith(variables)).toThrow();
  });
});
