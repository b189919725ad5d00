import { createPhone } from '#simulator/phones/create-phone.ts';
import { goOnline } from '#simulator/phones/phone-post.ts';
import { unlinkDevice } from '#simulator/server/device-list.ts';
import type { LinkOutcome, QrCode } from '#simulator/server/pairing-desk.ts';

import { ControlError, parseInput } from './control-error.ts';
import { findPhone, onlinePhone } from './phone-lookup.ts';
import { created, ok, type Route } from './route.ts';
import { DeviceParams, EmptyBody, LinkBody, PhoneBody, PhoneParams } from './schemas.ts';
import { toDeviceView, toPhoneView, toPresenceView } from './views.ts';

const QR_PREFIX = 'https://wa.me/settings/linked_devices#';
const KEY_BYTES = 32;

/** Why a phone could not link a device: status and message of each outcome. */
const LINK_ERRORS: Record<Exclude<LinkOutcome['kind'], 'linked'>, readonly [number, string]> = {
  unknown_qr: [404, 'No device shows this QR code now.'],
  stale_qr: [410, 'This QR code has expired; scan the one that is shown now.'],
  no_code_waits: [404, 'No device waits for a pairing code for this number.'],
  wrong_code: [422, 'This is not the pairing code that the device shows.'],
  too_many_devices: [409, 'The phone has as many linked devices as it may have.'],
  busy: [409, 'This device is just being linked.'],
  device_did_not_answer: [409, 'The device went away or did not answer in time.'],
  device_refused: [409, 'The device did not sign its identity rightly.'],
};

export const PHONE_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/phones',
    run: ({ body }, { network }) => {
      const result = createPhone(parseInput(PhoneBody, body), network);
      const view = toPhoneView(result.phone, network);
      return result.created ? created(view) : ok(view);
    },
  },
  {
    method: 'GET',
    path: '/phones',
    run: (_request, { network }) =>
      ok(network.store.phones.list().map((phone) => toPhoneView(phone, network))),
  },
  {
    method: 'GET',
    path: '/phones/:number',
    run: ({ params }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      return ok(toPhoneView(findPhone(number, network), network));
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/link',
    run: async ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      const wanted = parseInput(LinkBody, body);
      const phone = onlinePhone(number, network);
      const outcome =
        'qr' in wanted
          ? await network.pairings.linkByQr(phone, parseQr(wanted.qr))
          : await network.pairings.linkByCode(phone, wanted.code);
      if (outcome.kind !== 'linked') throw linkError(outcome.kind);
      const companion = network.store.companions.find(number, outcome.device);
      if (!companion) throw linkError('device_did_not_answer');
      return created(toDeviceView(companion, network));
    },
  },
  {
    method: 'DELETE',
    path: '/phones/:number/devices/:id',
    run: ({ params }, { network }) => {
      const { number, id } = parseInput(DeviceParams, params);
      findPhone(number, network);
      if (!unlinkDevice({ number, device: id }, network)) {
        throw new ControlError(404, 'device_not_found', {
          message: 'The phone has no linked device with this id.',
          details: { id },
        });
      }
      return ok(toPhoneView(findPhone(number, network), network));
    },
  },
  {
    method: 'GET',
    path: '/phones/:number/presences',
    run: ({ params }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      findPhone(number, network);
      return ok(network.presences.of(number).map(toPresenceView));
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/online',
    run: ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      parseInput(EmptyBody, body);
      findPhone(number, network);
      goOnline(number, network);
      return ok(toPhoneView(findPhone(number, network), network));
    },
  },
  {
    method: 'POST',
    path: '/phones/:number/offline',
    run: ({ params, body }, { network }) => {
      const { number } = parseInput(PhoneParams, params);
      parseInput(EmptyBody, body);
      findPhone(number, network);
      network.store.phones.setOnline(number, false);
      return ok(toPhoneView(findPhone(number, network), network));
    },
  },
];

/** `ref,noise key,identity key,adv secret[,platform]`, with WhatsApp's link before it or not. */
function parseQr(text: string): QrCode {
  const bare = text.startsWith(QR_PREFIX) ? text.slice(QR_PREFIX.length) : text;
  const [ref = '', ...keys] = bare.trim().split(',');
  const [noisePublic, identityPublic, advSecret] = keys.map((key) => Buffer.from(key, 'base64'));
  const isComplete =
    noisePublic?.length === KEY_BYTES &&
    identityPublic?.length === KEY_BYTES &&
    advSecret?.length === KEY_BYTES;
  if (!isComplete) {
    throw new ControlError(400, 'invalid_qr', { message: 'This is no QR code of a device.' });
  }
  return { ref, noisePublic, identityPublic, advSecret };
}

function linkError(kind: Exclude<LinkOutcome['kind'], 'linked'>): ControlError {
  const [status, message] = LINK_ERRORS[kind];
  return new ControlError(status, kind, { message });
}
