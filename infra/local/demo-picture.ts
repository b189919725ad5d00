import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { DemoScene } from './demo-scene.ts';
import { until } from './until.ts';

/** A small picture: eight blue pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAABCAIAAABsYngUAAAADklEQVR42mMwSPiPFQEAlX0MeTU+knsAAAAASUVORK5CYII=',
  'base64',
);

const Messages = z.array(
  z.object({ type: z.string(), media: z.object({ sha256: z.string() }).optional() }),
);

/** A picture is uploaded with the call, encrypted, and shown by the phone to the byte. */
export async function sendPicture({ url, simulator, credentials, customer, tell }: DemoScene) {
  const form = new FormData();
  form.set('file', new File([PNG], 'picture.png', { type: 'image/png' }));
  form.set('chatId', customer);
  form.set('caption', 'A picture');
  const query = new URLSearchParams({ ...credentials });
  const reply = await fetch(`${url}/whatsapp/message/image?${query}`, {
    method: 'POST',
    body: form,
    headers: { prefer: 'wait=10' },
  });
  if (!reply.ok) throw new Error(`The picture was refused: ${await reply.text()}`);
  const sha256 = createHash('sha256').update(PNG).digest('hex');
  await until('the phone to show the picture', async () => {
    const { body } = await simulator.call('GET', `/phones/${customer}/messages`);
    return Messages.parse(body).find(({ media }) => media?.sha256 === sha256);
  });
  tell('sent a picture: the phone has it, byte for byte');
}
