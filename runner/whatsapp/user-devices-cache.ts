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
  const read = (user: string) => {
    const row = Row.safeParse(state.get(KIND, [user])[user]).data;
    return row && row.at + VALID_MS > now().getTime() ? row.devices : undefined;
  };
  const write = (entries: readonly (readonly [string, unknown])[]) => {
    const at = now().getTime();
    const rows = entries.map(([user, devices]) => [user, devices && { at, devices }]);
    state.stage({ [KIND]: Object.fromEntries(rows) });
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
