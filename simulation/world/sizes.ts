/** How much of everything there is in one simulation. */
export type Sizes = {
  readonly runners: number;
  readonly shards: number;
  readonly instances: number;
  /** Virtual minutes in which things happen and break; then all must come to rest. */
  readonly minutes: number;
  readonly sends: number;
  readonly inbound: number;
  readonly kills: number;
  readonly pauses: number;
  readonly partitions: number;
  /** Runners that are told to hand over and end, as in a deployment. */
  readonly drains: number;
  /** Connections that WhatsApp ends. */
  readonly hangUps: number;
};

/** One of `npm run sim`. */
export const FULL: Sizes = {
  runners: 4,
  shards: 8,
  instances: 40,
  minutes: 30,
  sends: 200,
  inbound: 200,
  kills: 4,
  pauses: 4,
  partitions: 4,
  drains: 1,
  hangUps: 8,
};

/** One of `npm test`. */
export const SMALL: Sizes = {
  runners: 3,
  shards: 2,
  instances: 4,
  minutes: 3,
  sends: 20,
  inbound: 20,
  kills: 2,
  pauses: 2,
  partitions: 2,
  drains: 1,
  hangUps: 2,
};
