import * as z from 'zod';
import { GroupedHex, ObjectId } from '#shared/domain/identifier.ts';
import { InstanceStatus } from '#shared/domain/instance.ts';
import { defaultSettings, Settings } from '#shared/domain/settings.ts';
import { answersData, answersNothing } from '../answer-doc.ts';
import type { GroupDocs } from '../operation-doc.ts';
import { PLACEHOLDERS } from '../placeholders.ts';

const { bot_lang, ...listedSettings } = Settings.shape;
const OWN = { status: InstanceStatus, access_token: GroupedHex };
const TIMES = { createdAt: z.iso.datetime(), updatedAt: z.iso.datetime(), __v: z.literal(0) };

const CreatedInstance = z.strictObject({
  settings: z.strictObject({ ...listedSettings, bot_lang, ...OWN }),
  _id: ObjectId,
  user_id: ObjectId,
  session_id: GroupedHex,
  ...TIMES,
});
const ListedInstance = z.strictObject({
  _id: ObjectId,
  settings: z.strictObject({
    bot_number: z.string().nullable().describe('`null` until a phone is linked.'),
    ...listedSettings,
    ...OWN,
  }),
  session_id: GroupedHex,
  ...TIMES,
});
const ShownInstance = z.strictObject({
  error: z.literal(false),
  message: z.string(),
  instance_data: z.strictObject({
    instance_key: GroupedHex.describe('The `session_id`.'),
    phone_connected: z.boolean(),
    webhookUrl: z.string().nullable(),
    user: z.union([
      z.strictObject({ id: z.string(), name: z.string() }),
      z.strictObject({}).describe('No phone is linked.'),
    ]),
  }),
});
const Qr = z.strictObject({
  qr: z.string().describe('The text of the code.'),
  image: z.string().describe('The code as a PNG, in a data URL.'),
  expires_at: z.iso.datetime(),
});
const PairingCode = z.strictObject({
  code: z.string().describe('To type on the phone.'),
  expires_at: z.iso.datetime().nullable(),
});

const AT = '2026-11-22T12:00:00.000Z';
const { bot_lang: LANGUAGE, ...LISTED } = defaultSettings();
const CREATED = {
  settings: {
    ...LISTED,
    bot_lang: LANGUAGE,
    status: 'CREATED' as const,
    access_token: PLACEHOLDERS.access_token,
  },
  _id: PLACEHOLDERS.instance_id,
  user_id: '61bbdbe3087d744b748535ff',
  session_id: PLACEHOLDERS.session_id,
  createdAt: AT,
  updatedAt: AT,
  __v: 0 as const,
};
const INSTANCE_IN_PATH = { id: 'The `_id` of the instance.' };

export const instancesDocs = {
  createInstance: {
    summary: 'Make an instance',
    description:
      'One WhatsApp number of your account. Nothing runs yet: `POST /whatsapp/init` starts it.',
    answers: {
      200: answersData('The instance, with the `session_id` and `access_token` that open it.', {
        message: 'Whatsapp created successfully!',
        data: CreatedInstance,
        example: CREATED,
      }),
    },
    errors: ['too_many_instances'],
    examples: { default: { body: {} } },
  },
  listInstances: {
    summary: 'List instances',
    description: "All of the account's, or the one whose own token was sent.",
    answers: {
      200: answersData('The instances, with the status that is true now.', {
        message: 'Whatsapp fetched successfully!',
        data: z.array(ListedInstance),
        example: [
          {
            _id: CREATED._id,
            settings: {
              bot_number: '2349040613521',
              ...LISTED,
              status: 'CONNECTED',
              access_token: PLACEHOLDERS.access_token,
            },
            session_id: CREATED.session_id,
            createdAt: AT,
            updatedAt: AT,
            __v: 0,
          },
        ],
      }),
    },
    examples: {
      account: { summary: "All of the account's" },
      instance: { summary: 'By its own token', as: 'instance' },
    },
  },
  initInstance: {
    summary: 'Start an instance',
    description:
      'Starts the session, or has one that waits connect at once. On one that is connected nothing changes but what `config` says.',
    fields: {
      'config.multiDevice': 'The same as the action `multi_device`.',
      'config.setWebhook': 'Whether to set a webhook for all events.',
      'config.webhookUrl':
        'Where the events go. It must begin with `https://` and have a public host.',
    },
    answers: {
      204: answersNothing('It is being started; `GET /whatsapp/instance` tells how far it is.'),
    },
    examples: {
      default: { body: {} },
      withWebhook: {
        summary: 'With a webhook',
        body: {
          config: {
            multiDevice: true,
            setWebhook: true,
            webhookUrl: 'https://example.com/hook',
          },
        },
      },
    },
  },
  scanQr: {
    summary: 'Get the code to scan',
    description:
      'Starts nothing. Without a `format`, `Accept: image/png` gets the image, and all else the page.',
    fields: { format: 'What the code is to come as; the page when it is empty.' },
    answers: {
      200: {
        description: 'The code.',
        contents: {
          'text/html': { schema: z.string().describe('A page that keeps the code fresh.') },
          'image/png': { schema: z.string().meta({ format: 'binary' }) },
          'text/plain': { schema: z.string().startsWith('data:image/png;base64,') },
          ...answersData('', {
            message: 'QR code fetched successfully!',
            data: Qr,
            example: {
              qr: '2@AbCdEf,GhIjKl,MnOpQr,StUvWx',
              image: 'data:image/png;base64,iVBORw0KGgo=',
              expires_at: '2026-11-22T12:01:00.000Z',
            },
          }).contents,
        },
      },
      204: answersNothing('There is no code: nothing was started, or a phone is linked.'),
    },
    examples: {
      page: { summary: 'The page' },
      png: { summary: 'An image', query: { format: 'png' } },
      text: { summary: 'A data URL', query: { format: 'base64text' } },
      json: { summary: 'JSON', query: { format: 'json' } },
    },
  },
  pairPhone: {
    summary: 'Get a code to type',
    description:
      'Links a phone without scanning. It starts the instance, and waits up to 20 s for the code.',
    answers: {
      200: answersData('The code.', {
        message: 'Pairing code created successfully!',
        data: PairingCode,
        example: { code: 'ABCD-EFGH', expires_at: '2026-11-22T12:03:00.000Z' },
      }),
    },
    errors: ['already_linked', 'not_started', 'runner_timeout'],
    examples: { default: { body: { phone: '2348179803743' } } },
  },
  showInstance: {
    summary: 'Show an instance',
    description: 'Whether a phone is connected, and whose.',
    answers: {
      200: answersData('The instance as it is now.', {
        message: 'Status checked successfully',
        data: ShownInstance,
        example: {
          error: false,
          message: 'Instance fetched successfully',
          instance_data: {
            instance_key: PLACEHOLDERS.session_id,
            phone_connected: true,
            webhookUrl: null,
            user: { id: '2349040613521:8@s.whatsapp.net', name: 'Waap Test' },
          },
        },
      }),
    },
    examples: {
      query: { summary: 'With the credentials in the query' },
      headers: {
        summary: 'With the credentials in headers',
        as: 'nobody',
        headers: { 'x-session-id': '{session_id}', 'x-instance-token': '{access_token}' },
      },
      account: {
        summary: "With the account's token",
        as: 'account',
        query: { session_id: '{session_id}' },
      },
    },
  },
  logoutInstance: {
    summary: 'Log an instance out',
    description: 'Takes the device off the phone and forgets its keys. Waits up to 10 s for it.',
    params: INSTANCE_IN_PATH,
    answers: { 204: answersNothing('It is logged out, or will be as soon as its runner is up.') },
    examples: { default: { params: { id: '{instance_id}' } } },
  },
  deleteInstance: {
    summary: 'Delete an instance',
    description: 'It is gone at once; then it is logged out, and all its data is taken away.',
    params: INSTANCE_IN_PATH,
    answers: { 204: answersNothing('It is gone.') },
    examples: { default: { as: 'account', params: { id: '{instance_id}' } } },
  },
} satisfies GroupDocs<'instances'>;
