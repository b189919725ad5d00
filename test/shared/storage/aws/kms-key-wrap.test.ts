import { expect, it } from 'vitest';
import { KeyRefused } from '#shared/storage/key-wrap.ts';
import { openOnWire } from './wire.ts';

const CONTEXT = { instanceId: 'mine' };

const fault = (name: string) => ({ status: 400, body: JSON.stringify({ __type: name }) });

it('asks KMS in the name of the instance', async () => {
  const key = Buffer.alloc(32, 1);
  const answer = { Plaintext: key.toString('base64'), CiphertextBlob: 'd3JhcHBlZA==' };
  const { storage, asked } = await openOnWire([{ status: 200, body: JSON.stringify(answer) }]);
  const made = await storage.keyWrap.generate(CONTEXT);
  expect(Buffer.from(made.key)).toEqual(key);
  expect(Buffer.from(await storage.keyWrap.unwrap(made.wrapped, CONTEXT))).toEqual(key);
  expect(asked.map(({ body }) => JSON.parse(String(body)))).toEqual([
    { KeyId: 'auth-key', KeySpec: 'AES_256', EncryptionContext: CONTEXT },
    { KeyId: 'auth-key', CiphertextBlob: 'd3JhcHBlZA==', EncryptionContext: CONTEXT },
  ]);
});

it.each(['InvalidCiphertextException', 'IncorrectKeyException'])(
  'takes %s for a key that is not one',
  async (name) => {
    const { storage } = await openOnWire([fault(name)]);
    const unwrapped = storage.keyWrap.unwrap(Buffer.from('x'), CONTEXT);
    await expect(unwrapped).rejects.toThrow(KeyRefused);
  },
);

it('takes a missing right for what it is: the key may be good', async () => {
  const { storage } = await openOnWire([fault('AccessDeniedException')]);
  const unwrapped = storage.keyWrap.unwrap(Buffer.from('x'), CONTEXT);
  await expect(unwrapped).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
