/** The paths at which the documented example has a list with something in it, and the answer an empty one. */
export function emptyLists(documented: unknown, answered: unknown, path = ''): string[] {
  if (Array.isArray(documented)) {
    const isEmptied = documented.length > 0 && Array.isArray(answered) && answered.length === 0;
    return isEmptied ? [path] : [];
  }
  if (typeof documented !== 'object' || documented === null) return [];
  return Object.entries(documented).flatMap(([name, field]) =>
    emptyLists(field, fieldOf(answered, name), `${path}.${name}`),
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
