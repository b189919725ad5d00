/** A promise that the system makes, by the name that docs/reliability.md gives it. */
export type Rule =
  | 'slot_written_once'
  | 'ratchet_used_once'
  | 'state_never_goes_back'
  | 'replays_to_the_same'
  | 'older_socket_is_silent'
  | 'one_owner_an_epoch'
  | 'dead_before_claim'
  | 'same_id_same_content'
  | 'shown_once'
  | 'order_in_chat'
  | 'no_send_lost'
  | 'no_inbound_lost'
  | 'no_step_untold'
  | 'event_id_is_stable'
  | 'linked_for_good';

export type Violation = { readonly rule: Rule; readonly words: string };

/** What is counted of a simulation. */
export type Totals = {
  sends: number;
  inbound: number;
  kills: number;
  pauses: number;
  partitions: number;
  drains: number;
  fences: number;
  claims: number;
  takeovers: number;
  handOvers: number;
  logins: number;
  wireResends: number;
  webhooks: number;
};

export function noTotals(): Totals {
  return {
    sends: 0,
    inbound: 0,
    kills: 0,
    pauses: 0,
    partitions: 0,
    drains: 0,
    fences: 0,
    claims: 0,
    takeovers: 0,
    handOvers: 0,
    logins: 0,
    wireResends: 0,
    webhooks: 0,
  };
}

/** What was seen of one simulation, from outside of all runners: counts, and the first promise that was broken. */
export class Ledger {
  readonly totals = noTotals();
  #violation: Violation | undefined;

  get violation(): Violation | undefined {
    return this.#violation;
  }

  count(what: keyof Totals): void {
    this.totals[what] += 1;
  }

  break(rule: Rule, words: string): void {
    this.#violation ??= { rule, words };
  }
}
