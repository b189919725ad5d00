/**
 * A set of changes to an auth state: kind of key → id → value, `null` for a key that is deleted.
 * The kinds are open strings, since Baileys adds some with every release.
 */
export type Changes = Record<string, Record<string, unknown>>;

/** Lays `changes` over `state`, in place. */
export function applyChanges(state: Changes, changes: Changes): void {
  for (const [kind, values] of Object.entries(changes)) {
    const kept = state[kind] ?? {};
    state[kind] = kept;
    for (const [id, value] of Object.entries(values)) {
      if (value === null || value === undefined) delete kept[id];
      else kept[id] = value;
    }
  }
}

/** Joins `changes` to those that wait, in place; unlike `applyChanges` it keeps the deletions. */
export function mergeChanges(waiting: Changes, changes: Changes): void {
  for (const [kind, values] of Object.entries(changes)) {
    waiting[kind] = { ...waiting[kind], ...values };
  }
}

const BYTES_MARK = '$bytes';

/** JSON, with bytes as `{"$bytes": "<base64>"}`. */
export function encodeChanges(changes: Changes): Uint8Array {
  return Buffer.from(JSON.stringify(changes, markBytes));
}

export function decodeChanges(bytes: Uint8Array): Changes {
  return JSON.parse(Buffer.from(bytes).toString('utf8'), unmarkBytes);
}

/**
 * `JSON.stringify` calls `toJSON` before the replacer: a Buffer's, and a protobuf message's, which would turn
 * its bytes into plain text. Hence the look at the holder.
 */
function markBytes(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const held = this[key];
  if (held instanceof Uint8Array) return { [BYTES_MARK]: Buffer.from(held).toString('base64') };
  if (typeof held === 'object' && held !== null && 'toJSON' in held) return { ...held };
  return value ?? null;
}

function unmarkBytes(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !(BYTES_MARK in value)) return value;
  return Buffer.from(String(value[BYTES_MARK]), 'base64');
}
