import { FORBIDDEN_KEYS, isObject, malformed } from './parse-json.ts';

const FIELDS_MAX = 1_000;
/** As many clients write lists and objects: `options[]`, `options[0]`, `location[lat]`. No deeper: there is JSON. */
const BRACKETED = /^([^[\]]+)\[([^[\]]*)\]$/;
const IN_LIST = /^\d*$/;

/** The fields of a form. The last of several with one name counts, unless they are in a list. Throws `malformed_body`. */
export function toFormFields(entries: Iterable<[string, unknown]>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  let count = 0;
  for (const [name, value] of entries) {
    count += 1;
    if (count > FIELDS_MAX) throw malformed(`The form has more than ${FIELDS_MAX} fields.`);
    const [, outer = name, inner] = BRACKETED.exec(name) ?? [];
    const forbidden = [outer, inner ?? ''].find((part) => FORBIDDEN_KEYS.includes(part));
    if (forbidden !== undefined) throw malformed(`The form must not have a field "${forbidden}".`);
    fields[outer] = inner === undefined ? value : within(fields[outer], inner, value);
  }
  return fields;
}

/** What a field holds, with one more value in it. */
function within(held: unknown, name: string, value: unknown): unknown {
  if (IN_LIST.test(name)) return [...(Array.isArray(held) ? held : []), value];
  return { ...(isObject(held) ? held : {}), [name]: value };
}
