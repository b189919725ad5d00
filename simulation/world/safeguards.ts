/** What keeps the promises. Each can be left out of a simulation, which must notice then. */
export const SAFEGUARDS = [
  'write_before_wire',
  'put_if_absent',
  'deadline',
  'dead_before_claim',
  'stable_wa_id',
  'inbox',
  'untold',
] as const;

export type Safeguard = (typeof SAFEGUARDS)[number];

/** In words, for a table. */
export const SAFEGUARD_WORDS: Readonly<Record<Safeguard, string>> = {
  write_before_wire: 'write before wire: the ratchet step is durable before its frame leaves',
  put_if_absent: 'put-if-absent: a record of the journal is never overwritten',
  deadline: "the fence's deadline: a runner that was silent too long does nothing more",
  dead_before_claim: 'DEAD before claim: a shard is taken only from a runner that cannot come back',
  stable_wa_id: 'the stable WhatsApp id: a message in doubt is sent again under the same id',
  inbox: 'the inbox: what was decrypted is durable before its receipt leaves',
  untold: 'the note that a step is untold: it is written with the step, and goes with its event',
};
