import * as z from 'zod';
import type { DemoScene } from './demo-scene.ts';
import { until } from './until.ts';

const Event = z.object({
  event: z.string(),
  data: z.looseObject({ selectedButtonId: z.string() }),
});

/** A list goes out as numbered text, and the number that comes back is the choice of a row. */
export async function chooseFromList(scene: DemoScene): Promise<void> {
  const { api, simulator, receiver, credentials, business, customer, tell } = scene;
  const rows = [
    { title: 'Opening hours', rowId: 'hours' },
    { title: 'Talk to a person', rowId: 'person' },
  ];
  await api.call('POST', '/whatsapp/message/list', {
    ...credentials,
    chatId: customer,
    msgdata: { text: 'How can we help?', buttonText: 'Topics', sections: [{ rows }] },
  });
  await until('the phone to show the list', async () => {
    const { body } = await simulator.call('GET', `/phones/${customer}/messages`);
    return JSON.stringify(body).includes('2. Talk to a person') || undefined;
  });
  tell('sent a list, which the phone shows as numbered text');
  await simulator.call('POST', `/phones/${customer}/messages`, { to: business, text: '2' });
  await until('the choice', async () =>
    receiver.received.find(({ body }) => {
      const event = Event.safeParse(JSON.parse(body)).data;
      return event?.event === 'onButton' && event.data.selectedButtonId === 'person';
    }),
  );
  tell('the phone answered 2: an onButton event names the row');
}
