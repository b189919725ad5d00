import * as z from 'zod';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** WhatsApp watches a number that it has not known for long more closely. */
const YOUNG_MS = 7 * DAY_MS;

const PER_MINUTE_MAX = 600;
const BURST_MAX = 100;
const CHAT_GAP_MS_MAX = 60_000;
const NEW_CHATS_PER_DAY_MAX = 10_000;

function whole(min: number, max: number) {
  return z
    .number()
    .refine(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `must be a whole number from ${min} to ${max}`,
    );
}

/** The schema of each thing that may be set about the pace. */
export const PACE_FIELDS = {
  /** Whether there is a pace at all. */
  on: z.boolean(),
  /** Messages of the session, on average. */
  per_minute: whole(1, PER_MINUTE_MAX),
  /** How many may go at once after a pause. */
  burst: whole(1, BURST_MAX),
  /** Between two messages to one chat. */
  chat_gap_ms: whole(0, CHAT_GAP_MS_MAX),
  /** Chats that the session has never written to before; 0 is no limit. */
  new_chats_per_day: whole(0, NEW_CHATS_PER_DAY_MAX),
  /** Whether a text is preceded by "typing…" for as long as it takes to write. */
  typing: z.boolean(),
} as const;

/** What the customer has set; for what is absent the defaults hold. */
export const PaceSettings = z.strictObject({
  on: PACE_FIELDS.on.exactOptional(),
  per_minute: PACE_FIELDS.per_minute.exactOptional(),
  burst: PACE_FIELDS.burst.exactOptional(),
  chat_gap_ms: PACE_FIELDS.chat_gap_ms.exactOptional(),
  new_chats_per_day: PACE_FIELDS.new_chats_per_day.exactOptional(),
  typing: PACE_FIELDS.typing.exactOptional(),
} satisfies Record<keyof typeof PACE_FIELDS, z.ZodType>);
export type PaceSettings = z.infer<typeof PaceSettings>;

/** How a session sends: not faster than a person with a phone would. */
export type Pace = Required<Omit<PaceSettings, 'on'>>;

const DEFAULTS: Pace = {
  per_minute: 20,
  burst: 5,
  chat_gap_ms: 1_000,
  new_chats_per_day: 0,
  typing: true,
};
const YOUNG_DEFAULTS: Pace = { ...DEFAULTS, per_minute: 8, new_chats_per_day: 50 };

type Circumstances = {
  /** Of the instance; a number that is not linked yet is a young one. */
  readonly linkedAt: string | undefined;
  readonly now: Date;
  /** What the deployment says. */
  readonly isOnByDefault: boolean;
};

/** The pace that holds now; `undefined` when there is none. */
export function effectivePace(
  stored: PaceSettings | undefined,
  circumstances: Circumstances,
): Pace | undefined {
  const { on, ...pace } = paceInForce(stored, circumstances);
  return on ? pace : undefined;
}

/** Every setting as it holds now, whether pacing is on or not. */
export function paceInForce(
  stored: PaceSettings | undefined,
  { linkedAt, now, isOnByDefault }: Circumstances,
): Required<PaceSettings> {
  const defaults = isYoung(linkedAt, now) ? YOUNG_DEFAULTS : DEFAULTS;
  return { on: isOnByDefault, ...defaults, ...stored };
}

/** Whether the defaults are those of a number that was linked in the last seven days. */
export function isYoung(linkedAt: string | undefined, now: Date): boolean {
  return linkedAt === undefined || now.getTime() - new Date(linkedAt).getTime() < YOUNG_MS;
}

/** What is to be another way: `null` takes a setting back to its default, what is absent stays. */
export type PaceChange = {
  readonly [Name in keyof PaceSettings]?: Exclude<PaceSettings[Name], undefined> | null;
};

/** The settings after the change; `undefined` when they are so already. */
export function changePace(
  stored: PaceSettings | undefined,
  change: PaceChange,
): PaceSettings | undefined {
  const before: PaceChange = stored ?? {};
  const names = PaceSettings.keyof().options;
  const isSame = names.every((name) => {
    const wanted = change[name];
    return wanted === undefined || wanted === (before[name] ?? null);
  });
  if (isSame) return undefined;
  const entries = Object.entries({ ...before, ...change });
  const set = entries.filter(([, value]) => value !== null && value !== undefined);
  return PaceSettings.parse(Object.fromEntries(set));
}
