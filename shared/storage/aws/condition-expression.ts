import type { Condition } from '../table.ts';
import type { Placeholders } from './placeholders.ts';

/** The condition as DynamoDB writes it. It compares as the port says: deeply, by UTF-8 bytes, never across types. */
export function toConditionExpression(condition: Condition, placeholders: Placeholders): string {
  const parts = (conditions: readonly Condition[]) =>
    conditions.map((part) => toConditionExpression(part, placeholders));
  switch (condition.kind) {
    case 'absent':
      return `attribute_not_exists(${placeholders.name(condition.field)})`;
    case 'present':
      return `attribute_exists(${placeholders.name(condition.field)})`;
    case 'equals':
      return `${placeholders.name(condition.field)} = ${placeholders.value(condition.value)}`;
    case 'lessThan':
      return `${placeholders.name(condition.field)} < ${placeholders.value(condition.value)}`;
    case 'and':
      return join(parts(condition.all), 'AND', placeholders);
    case 'or':
      return join(parts(condition.any), 'OR', placeholders);
  }
}

/**
 * DynamoDB refuses parentheses around parentheses, so one part stands alone. All of nothing holds and one of nothing
 * does not, which it has no words for.
 */
function join(parts: readonly string[], word: 'AND' | 'OR', placeholders: Placeholders): string {
  const [first, ...others] = parts;
  if (first !== undefined) return others.length === 0 ? first : `(${parts.join(` ${word} `)})`;
  const pk = placeholders.name('pk');
  const opposite = word === 'AND' ? 'OR' : 'AND';
  return `(attribute_exists(${pk}) ${opposite} attribute_not_exists(${pk}))`;
}
