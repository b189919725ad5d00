import * as z from 'zod';
import { GroupedHex, ObjectId } from './identifier.ts';
import { PaceSettings } from './pace.ts';
import { Settings } from './settings.ts';

/**
 * What is true of an instance's session now.
 *
 *   CREATED ── init ──▶ CONNECTING ◀──────────── lost, restarted ──┐
 *                        │      │                                  │
 *              no login  ▼      ▼  logged in                       │
 *                     SCAN_QR ─▶ CONNECTED ─────────────────▶ DISCONNECTED
 *                                   │    │
 *              logged in elsewhere  ▼    ▼  device removed, or the API's logout
 *                             CONFLICT  LOGGED_OUT          FORBIDDEN (refused by WhatsApp)
 *
 * QUARANTINED: its auth state was damaged, so that no session is opened; the operator restores it.
 */
export const InstanceStatus = z.enum([
  'CREATED',
  'CONNECTING',
  'SCAN_QR',
  'CONNECTED',
  'DISCONNECTED',
  'CONFLICT',
  'LOGGED_OUT',
  'FORBIDDEN',
  'QUARANTINED',
]);
export type InstanceStatus = z.infer<typeof InstanceStatus>;

/** What the account wants of it; the runner works towards this. */
export const DesiredState = z.enum(['OFF', 'ON', 'LOGGED_OUT', 'DELETED']);
export type DesiredState = z.infer<typeof DesiredState>;

/** The WhatsApp user that an instance is linked to. `id` is the device's address, `2349040613521:8@s.whatsapp.net`. */
export const LinkedUser = z.strictObject({
  id: z.string(),
  name: z.string(),
  lid: z.string().optional(),
});
export type LinkedUser = z.infer<typeof LinkedUser>;

/** A code that a phone scans, or types, to link the instance. */
export const QrCode = z.strictObject({ code: z.string(), expiresAt: z.iso.datetime() });
export type QrCode = z.infer<typeof QrCode>;

/** Asks the runner for a pairing code for this phone; `requestId` ties the answer to the call. */
export const PairingRequest = z.strictObject({ requestId: z.string(), phone: z.string() });
export type PairingRequest = z.infer<typeof PairingRequest>;
export const PairingAnswer = z.strictObject({
  requestId: z.string(),
  /** `undefined` when WhatsApp gave none; `reason` says why. */
  code: z.string().optional(),
  reason: z.string().optional(),
  expiresAt: z.iso.datetime().optional(),
});
export type PairingAnswer = z.infer<typeof PairingAnswer>;

/** One WhatsApp number of an account, as a record. */
export const Instance = z.strictObject({
  accountId: ObjectId,
  instanceId: ObjectId,
  sessionId: GroupedHex,
  accessToken: GroupedHex,
  shard: z.int().min(0),
  settings: Settings,
  /** What the customer has set of it. */
  pace: PaceSettings.optional(),
  /** Counts what the account asked for, so that a runner can tell a new wish from one it has met. */
  generation: z.int().min(0),
  desired: DesiredState,
  status: InstanceStatus,
  /** The runner that told the status. */
  runnerId: z.string().optional(),
  user: LinkedUser.optional(),
  /** When `user` was linked; how often the session has connected since says nothing. */
  linkedAt: z.iso.datetime().optional(),
  qr: QrCode.optional(),
  pairingRequest: PairingRequest.optional(),
  pairingAnswer: PairingAnswer.optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Instance = z.infer<typeof Instance>;

/** What only a living runner can vouch for. */
const LIVE_STATUSES: readonly InstanceStatus[] = ['CONNECTING', 'SCAN_QR', 'CONNECTED', 'CONFLICT'];

/** The status as it is true now: a runner that is gone holds no connection, whatever it said last. */
export function trueStatus(instance: Instance, isRunnerAlive: boolean): InstanceStatus {
  const isLive = LIVE_STATUSES.includes(instance.status);
  return isLive && !isRunnerAlive ? 'DISCONNECTED' : instance.status;
}

/** The number in a device address: `2349040613521` of `2349040613521:8@s.whatsapp.net`. */
export function phoneOf(user: LinkedUser | undefined): string | undefined {
  return user?.id.split(/[:@]/)[0];
}

/** Whether there is a code that a phone could still scan. */
export function scannableQr(instance: Instance, now: Date): QrCode | undefined {
  const { status, qr } = instance;
  if (status !== 'SCAN_QR' || qr === undefined) return undefined;
  return new Date(qr.expiresAt) > now ? qr : undefined;
}
