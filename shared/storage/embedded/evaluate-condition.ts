import { compareUtf8 } from '../rules/compare-utf8.ts';
import type { Condition, Item, Value } from '../table.ts';

/** Whether the condition holds for the item as it is stored; a missing item has no attributes. */
export function evaluateCondition(condition: Condition, item: Item | undefined): boolean {
  switch (condition.kind) {
    case 'absent':
      return attributeOf(item, condition.field) === undefined;
    case 'present':
      return attributeOf(item, condition.field) !== undefined;
    case 'equals': {
      const actual = attributeOf(item, condition.field);
      return actual !== undefined && sameValue(actual, condition.value);
    }
    case 'lessThan':
      return isLess(attributeOf(item, condition.field), condition.value);
    case 'and':
      return condition.all.every((part) => evaluateCondition(part, item));
    case 'or':
      return condition.any.some((part) => evaluateCondition(part, item));
  }
}

/** Only own attributes count: `field` may be a word like `constructor`. */
function attributeOf(item: Item | undefined, field: string): Value | undefined {
  return item !== undefined && Object.hasOwn(item, field) ? item[field] : undefined;
}

function isLess(actual: Value | undefined, limit: string | number): boolean {
  if (typeof actual === 'number' && typeof limit === 'number') return actual < limit;
  if (typeof actual === 'string' && typeof limit === 'string')
    return compareUtf8(actual, limit) < 0;
  return false;
}

/** Lists are compared in order, maps whatever the order of their names. */
function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b)) return isList(a) && isList(b) && sameList(a, b);
  return sameMap(a, b);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function sameList(a: readonly Value[], b: readonly Value[]): boolean {
  return (
    a.length === b.length &&
    a.every((value, index) => {
      const other = b[index];
      return other !== undefined && sameValue(value, other);
    })
  );
}

function sameMap(a: { [name: string]: Value }, b: { [name: string]: Value }): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const left = a[name];
    const right = Object.hasOwn(b, name) ? b[name] : undefined;
    return left !== undefined && right !== undefined && sameValue(left, right);
  });
}
