import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { makeGuardedDispatcher } from '#runner/http/guarded-dispatcher.ts';
import { AuthState } from '#runner/journal/auth-state.ts';
import { fetchInboundMedia } from '#runner/media/fetch-inbound-media.ts';
import { prepareMedia } from '#runner/media/prepare-media.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { silenceLibsignal } from '../../silence-libsignal.ts';
import { sendFromPhone } from '../../simulator/end-to-end/control-client.ts';
import { until } from '../../until.ts';
import { OTHER_PHONE, OWN_PHONE, onSimulatedNetwork } from '../whatsapp/linked-socket.ts';
import { A_PDF, aPicture } from './sample-files.ts';

silenceLibsignal();

async function onLinkedSocket() {
  const network = await onSimulatedNetwork();
  const { socket, heard } = await network.link();
  const ca = await readFile(network.simulator.caCertificatePath);
  const dispatcher = new Agent({ connect: { ca } });
  onTestFinished(async () => await dispatcher.destroy());
  const { storage } = await openForTest();
  const mediaConnection = socket.mediaConnection.bind(socket);
  const whatsapp = { dispatcher, mediaConnection };
  return { network, socket, heard, blobs: storage.mediaBlobs, whatsapp };
}

it('fetches the file of a message from the hosts that the socket names', async () => {
  const { network, heard, blobs, whatsapp } = await onLinkedSocket();
  const file = await aPicture('jpeg');
  const media = { type: 'image', mimetype: 'image/jpeg', base64: file.toString('base64') };
  await sendFromPhone(network.simulator, OTHER_PHONE, { to: OWN_PHONE, media });
  await until('it came', () => heard.messages.length === 1);
  const message = heard.messages[0]?.message;
  const reference = message?.content.media;
  if (!message || !reference) throw new Error('The message has no file.');
  const outcome = await fetchInboundMedia(
    { instanceId: 'one', waId: message.waId, reference },
    { blobs, ...whatsapp, sleep: async () => undefined },
  );
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  expect(file.equals((await blobs.get(outcome.key)) ?? Buffer.alloc(0))).toBe(true);
});

it('uploads a file to the hosts that the socket names, with its token', async () => {
  const { network, blobs, whatsapp } = await onLinkedSocket();
  await blobs.put('sent/one/1', A_PDF);
  const guard = { allowPrivate: false };
  const outcome = await prepareMedia(
    {
      instanceId: 'one',
      messageId: '1',
      content: { kind: 'document', source: { kind: 'blob', key: 'sent/one/1' } },
    },
    {
      blobs,
      web: { dispatcher: makeGuardedDispatcher(guard), guard },
      whatsapp,
      randomBytes,
      now: () => new Date(),
    },
  );
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  expect(outcome.upload.url).toBe(
    `https://${network.simulator.mediaHost}${outcome.upload.directPath}`,
  );
});

it('names no hosts before it is open, or afterwards', async () => {
  const { network, socket } = await onLinkedSocket();
  const waiting = network.connect(await AuthState.open(network.openLog())).socket;
  await expect(waiting.mediaConnection()).rejects.toThrow('not open');
  await socket.close('stopped');
  await expect(socket.mediaConnection()).rejects.toThrow('not open');
});
