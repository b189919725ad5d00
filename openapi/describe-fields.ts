import type { FieldDoc } from './operation-doc.ts';

export type JsonSchema = { readonly [name: string]: unknown };

/** A copy of the schema in which the fields say what they are. Throws for a field that is not there. */
export function describeFields(
  schema: JsonSchema,
  fields: Readonly<Record<string, FieldDoc>> = {},
): JsonSchema {
  const copy = structuredClone(schema);
  for (const [path, doc] of Object.entries(fields)) {
    const steps = path.split('.');
    const name = steps.pop() ?? '';
    const owner = steps.reduce<JsonSchema | undefined>(
      (parent, step) => asSchema(propertiesOf(parent)?.[step]),
      copy,
    );
    const properties = propertiesOf(owner);
    const field = asSchema(properties?.[name]);
    if (!properties || !field) throw new Error(`There is no field ${path} to describe.`);
    properties[name] =
      typeof doc === 'string'
        ? { ...field, description: doc }
        : { ...doc.schema, description: doc.description };
  }
  return copy;
}

/** The fields of an object's schema. */
export function propertiesOf(schema: JsonSchema | undefined): Record<string, unknown> | undefined {
  const properties = schema?.['properties'];
  return isObject(properties) ? properties : undefined;
}

export function asSchema(value: unknown): JsonSchema | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
