import fc from 'fast-check';
import type { Changes } from '#runner/journal/changes.ts';

const kind = fc.constantFrom('creds', 'session', 'pre-key', 'sender-key', 'inbox');
const id = fc.constantFrom('creds', '1', '2', '2348179803743.0', '98765432101_1.8', 'a::b');
const bytes = fc.uint8Array({ maxLength: 40 });

/** Values of the kinds that Baileys stores: JSON and bytes, at any depth. */
export const storedValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    bytes.map((each) => Buffer.from(each)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('value'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).value;

const kept = fc.oneof(storedValue, fc.constant(null), fc.constant(undefined));

export const someChanges: fc.Arbitrary<Changes> = fc.dictionary(
  kind,
  fc.dictionary(id, kept, { maxKeys: 4, noNullPrototype: true }),
  { maxKeys: 3, noNullPrototype: true },
);
