import * as z from 'zod';

const LENGTH_MAX = 255;
/** RFC 6838 §4.2: a restricted name. */
const NAME = '[a-z0-9][a-z0-9!#$&^_.+-]{0,126}';
/** RFC 9110 §5.6.6: a token, or quoted text. */
const VALUE = `(?:[\\w!#$%&'*+.^\`|~-]+|"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*")`;
const SYNTAX = new RegExp(`^${NAME}/${NAME}(?: ?; ?[\\w!#$&^.+-]+=${VALUE})*$`, 'i');

/** A media type at the border: `image/png`, `audio/ogg; codecs=opus`. Whether it is true of the bytes is not asked. */
export const MediaType = z
  .string()
  .trim()
  .refine(
    (text) => text.length <= LENGTH_MAX && SYNTAX.test(text),
    'must be a media type, like image/png',
  );
