import type { UpdateOp } from '../table.ts';
import type { Placeholders } from './placeholders.ts';

/** A name that no attribute has. */
const NO_ATTRIBUTE = '(none)';

/** What an update changes, as DynamoDB writes it. Nothing is written as the removal of what is not there. */
export function toUpdateExpression(
  { set = {}, remove = [], add = {} }: UpdateOp,
  placeholders: Placeholders,
): string {
  const name = (attribute: string) => placeholders.name(attribute);
  const sets = Object.entries(set).map(
    ([attribute, value]) => `${name(attribute)} = ${placeholders.value(value)}`,
  );
  const adds = Object.entries(add).map(
    ([attribute, amount]) => `${name(attribute)} ${placeholders.value(amount)}`,
  );
  const removes = remove.map(name);
  if (sets.length + adds.length + removes.length === 0) removes.push(name(NO_ATTRIBUTE));
  return [clause('SET', sets), clause('REMOVE', removes), clause('ADD', adds)].join('').trim();
}

function clause(word: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${word} ${parts.join(', ')} `;
}
