import { expect } from 'vitest';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { Fleet, type FleetOptions, type RunnerProcess } from './fleet.ts';
import { LinkedInstance, NO_VIOLATIONS, violations } from './linked-instance.ts';
import { Traffic } from './traffic.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';

type Parts = {
  readonly fleet: Fleet;
  readonly receiver: WebhookReceiver;
  readonly instance: LinkedInstance;
  readonly traffic: Traffic;
  /** The runner that holds the session at first. */
  readonly first: RunnerProcess;
};

/** A fleet of one runner with one linked instance, and a customer who writes and is written to. */
export class LinkedFleet {
  readonly parts: Parts;

  private constructor(parts: Parts) {
    this.parts = parts;
  }

  static async open(options: Partial<FleetOptions> = {}): Promise<LinkedFleet> {
    const fleet = await Fleet.make(options);
    const receiver = await openWebhookReceiver();
    const first = await fleet.startRunner();
    const ends = { phone: BUSINESS, others: [CUSTOMER], webhookUrl: receiver.url };
    const instance = await LinkedInstance.make(fleet, ends);
    const pair = { business: BUSINESS, customer: CUSTOMER };
    const traffic = new Traffic(fleet, { instance, receiver, ...pair });
    return new LinkedFleet({ fleet, receiver, instance, traffic, first });
  }

  async expectNoneLostOrDoubled(): Promise<void> {
    const { traffic, fleet } = this.parts;
    expect(await traffic.shown()).toEqual(traffic.sent);
    expect(await traffic.told()).toEqual(traffic.written);
    expect(await violations(fleet.simulator)).toEqual(NO_VIOLATIONS);
  }

  async close(): Promise<void> {
    await this.parts.fleet.remove();
    await this.parts.receiver.close();
  }
}
