/** A form has no lists: the list that a text writes as JSON, and whatever else it is as it is. */
export function listInText(value: unknown): unknown {
  if (typeof value !== 'string' || !value.trimStart().startsWith('[')) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
