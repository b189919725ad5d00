import protobuf from 'protobufjs';

import { type Field, type Fields, isNestedField } from './field.ts';

/** Bytes that are not the protobuf message which they should be. */
export class ProtoError extends Error {
  override readonly name = 'ProtoError';
}

/**
 * Encodes and decodes one message; `decode` skips unknown fields and throws ProtoError.
 * `typeName` is for a message that contains this one; it builds the type at the first use.
 */
export type MessageCodec<T> = {
  encode(value: T): Buffer;
  decode(bytes: Uint8Array): T;
  typeName(): string;
};

/** protobufjs finds the type of a nested message by its name in here. */
const root = new protobuf.Root();

/** The codec of a message with these fields; the TypeScript type follows from them. */
export function defineMessage<F extends Record<string, Field<unknown>>>(
  name: string,
  fields: F,
): MessageCodec<Fields<F>> {
  let built: protobuf.Type | undefined;
  const type = (): protobuf.Type => {
    if (!built) {
      built = new protobuf.Type(name);
      root.add(built);
      addFields(built, fields);
    }
    return built;
  };
  return {
    typeName: () => type().name,
    encode: (value) => Buffer.from(type().encode(value).finish()),
    decode: (bytes) => decodeAs<Fields<F>>(type(), bytes),
  };
}

/** `built` is known before its fields are, so that messages may contain themselves. */
function addFields(built: protobuf.Type, fields: Record<string, Field<unknown>>): void {
  for (const [name, field] of Object.entries(fields)) {
    const typeName = isNestedField(field) ? field.codec().typeName() : field.type;
    built.add(new protobuf.Field(name, field.id, typeName, field.rule));
  }
}

function decodeAs<T>(type: protobuf.Type, bytes: Uint8Array): T {
  try {
    // The fields of `type` are exactly the ones from which T was inferred.
    return type.toObject(type.decode(bytes), { longs: Number }) as T;
  } catch (cause) {
    throw new ProtoError(`The bytes are no ${type.name}.`, { cause });
  }
}
