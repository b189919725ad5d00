import { generateOrGetPreKeys, initAuthCreds, proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { AuthState } from '#runner/journal/auth-state.ts';
import {
  durableKeys,
  immediateKeys,
  isLinked,
  loadCreds,
  stageCreds,
} from '#runner/whatsapp/baileys-auth.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { GatedLog } from '../journal/gated-log.ts';
import { journalOf } from '../journal/journal-for-test.ts';

async function openState() {
  const { storage } = await openForTest();
  const log = new GatedLog(journalOf(storage.mediaBlobs));
  return { log, state: await AuthState.open(log), reopen: () => AuthState.open(log) };
}

const linkedCreds = () => ({
  ...initAuthCreds(),
  account: proto.ADVSignedDeviceIdentity.fromObject({ details: Buffer.from([1, 2]) }),
  me: { id: '2349040613521:8@s.whatsapp.net' },
});

describe('loadCreds and stageCreds', () => {
  it('keep the credentials of a linked device, bytes and all', async () => {
    const { state, reopen } = await openState();
    const creds = linkedCreds();
    stageCreds(state, creds);
    await state.flush();
    const loaded = loadCreds(await reopen());
    expect(loaded.noiseKey.private).toEqual(Buffer.from(creds.noiseKey.private));
    expect(loaded.account?.details).toEqual(Buffer.from([1, 2]));
    expect(loaded.me).toEqual(creds.me);
    expect(isLinked(loaded)).toBe(true);
  });

  it('do not keep those of a device that nobody linked', async () => {
    const { state, reopen } = await openState();
    const creds = loadCreds(state);
    stageCreds(state, creds);
    await state.flush();
    expect(isLinked(creds)).toBe(false);
    expect(loadCreds(await reopen()).noiseKey.private).not.toEqual(creds.noiseKey.private);
  });

  it('never give out the id of a pre-key again', async () => {
    const { state } = await openState();
    const creds = linkedCreds();
    stageCreds(state, creds);
    const { newPreKeys } = generateOrGetPreKeys(creds, 30);
    state.stage({ 'pre-key': newPreKeys });
    expect(loadCreds(state).nextPreKeyId).toBe(31);
  });
});

describe('durableKeys', () => {
  it('has written a key when it says so', async () => {
    const { log, state } = await openState();
    log.shut();
    let isSet = false;
    const setting = Promise.resolve(
      durableKeys(state).set({ 'sender-key': { a: Buffer.from('x') } }),
    ).then(() => {
      isSet = true;
    });
    await until('the append is under way', () => log.begun === 1);
    expect(isSet).toBe(false);
    log.release();
    await setting;
    expect((await log.load()).state).toEqual({ 'sender-key': { a: Buffer.from('x') } });
  });

  it('gives app state keys back as protobuf', async () => {
    const { state, reopen } = await openState();
    const keyData = Buffer.from([1, 2, 3]);
    const key = proto.Message.AppStateSyncKeyData.fromObject({ keyData });
    await durableKeys(state).set({ 'app-state-sync-key': { AAAA: key } });
    const read = await durableKeys(await reopen()).get('app-state-sync-key', ['AAAA', 'none']);
    expect(Object.keys(read)).toEqual(['AAAA']);
    expect(read['AAAA']).toBeInstanceOf(proto.Message.AppStateSyncKeyData);
    expect(read['AAAA']?.keyData).toEqual(keyData);
  });
});

describe('immediateKeys', () => {
  it('shows a key at once, before it is durable', async () => {
    const { log, state } = await openState();
    const keys = immediateKeys(state);
    await keys.set({ 'sender-key': { a: Buffer.from('x') } });
    expect(await keys.get('sender-key', ['a'])).toEqual({ a: Buffer.from('x') });
    expect(log.begun).toBe(0);
  });

  it('lets ratchet work take turns, and LID mappings pass', async () => {
    const { state } = await openState();
    const keys = immediateKeys(state);
    const gate = Promise.withResolvers<void>();
    const steps: string[] = [];
    const works = [
      keys.transaction(async () => {
        steps.push('first begins');
        await gate.promise;
        steps.push('first ends');
      }, 'one@s.whatsapp.net'),
      keys.transaction(async () => void steps.push('second'), 'two@s.whatsapp.net'),
    ];
    await keys.transaction(async () => void steps.push('mapping'), 'lid-mapping');
    gate.resolve();
    await Promise.all(works);
    expect(steps).toEqual(['first begins', 'mapping', 'first ends', 'second']);
  });
});
