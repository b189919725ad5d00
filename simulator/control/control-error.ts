import type { z } from 'zod';

/** Why a request to the control API is refused; answered as `{error: {code, message, details?}}`. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;
  readonly code: string;
  readonly details: unknown;

  constructor(
    status: number,
    code: string,
    options: { message: string; details?: unknown; cause?: unknown },
  ) {
    super(options.message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.details = options.details;
  }
}

/** Parses what came in; throws a 400 that names the path of each fault. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.infer<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ControlError(400, 'invalid_request', {
    message: 'The request is not valid.',
    details: parsed.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    })),
  });
}

export function phoneNotFound(number: string): ControlError {
  return new ControlError(404, 'phone_not_found', {
    message: 'There is no phone with this number. Create it with POST /phones.',
    details: { number },
  });
}

export function messageNotFound(id: string): ControlError {
  return new ControlError(404, 'message_not_found', {
    message: 'The phone shows no message with this id.',
    details: { id },
  });
}
