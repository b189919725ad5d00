/** After which event of which instance somebody goes on: opaque to callers, who may not use it for another instance. */
export function toEventCursor(instanceId: string, seq: number): string {
  return Buffer.from(`${instanceId}.${seq}`).toString('base64url');
}

/** The number of the event; `undefined` for what is no cursor of the instance. */
export function parseEventCursor(instanceId: string, cursor: string): number | undefined {
  const [named, digits = ''] = Buffer.from(cursor, 'base64url').toString().split('.');
  const seq = /^\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  // There is always a next number.
  const isCursor = Number.isSafeInteger(seq + 1) && toEventCursor(instanceId, seq) === cursor;
  return isCursor && named === instanceId ? seq : undefined;
}
