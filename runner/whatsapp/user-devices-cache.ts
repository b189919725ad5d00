import type { PossiblyExtendedCacheStore } from '@whiskeysockets/baileys';
import * as z from 'zod';
import type { AuthState } from '../journal/auth-state.ts';

const KIND = 'user-devices';
/** WhatsApp tells of new devices by itself; this finds what was told while nobody listened. */
const VALID_MS = 6 * 3_600_000;

const Row = z.object({ at: z.number(), devices: z.unknown() });

/**
 * Which devices a person has, kept with the auth state. Baileys' own cache holds them for five minutes and not
 * over a restart, and each time it asks anew it also starts a new Signal session with everybody whom it writes
 * to (messages-send.js, getUSyncDevices; facts on it: WhiskeySockets/Baileys#2340).
 */
export function userDevicesCache(state: AuthState, now: () => Date): PossiblyExtendedCacheStore {
  const valid = (kept: unknown) => {
    const row = Row.safeParse(kept).data;
    return row && row.at + VALID_MS > now().getTime() ? row : undefined;
  };
  const read = (user: string) => valid(state.get(KIND, [user])[user])?.devices;
  let sweepAtMs = 0;
  /** Those whose time is over, now and then: an instance writes to ever more people. */
  const outdated = (nowMs: number): Record<string, null> => {
    if (nowMs < sweepAtMs) return {};
    sweepAtMs = nowMs + VALID_MS;
    const rows = Object.entries(state.all(KIND)).filter(([, row]) => valid(row) === undefined);
    return Object.fromEntries(rows.map(([user]) => [user, null]));
  };
  const write = (entries: readonly (readonly [string, unknown])[]) => {
    const at = now().getTime();
    const rows = entries.map(([user, devices]) => [user, devices && { at, devices }]);
    state.stage({ [KIND]: { ...outdated(at), ...Object.fromEntries(rows) } });
  };
  return {
    // Baileys reads what it has written, and says so by the type that it asks for.
    get: <T>(user: string) => read(user) as T | undefined,
    set: (user, devices) => write([[user, devices]]),
    del: (user) => write([[user, null]]),
    flushAll: () => write(Object.keys(state.all(KIND)).map((user) => [user, null])),
    mget: async <T>(users: string[]) =>
      Object.fromEntries(users.map((user) => [user, read(user) as T | undefined])),
    mset: async (entries) => write(entries.map(({ key, value }) => [key, value])),
    mdel: async (users) => write(users.map((user) => [user, null])),
  };
}
