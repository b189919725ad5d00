import { CompanionRecords } from './companion-records.ts';
import { CounterRecords } from './counter-records.ts';
import { Database } from './database.ts';
import { DeliveryRecords } from './delivery-records.ts';
import { GroupRecords } from './group-records.ts';
import { MessageRecords } from './message-records.ts';
import { PhoneRecords } from './phone-records.ts';
import { SessionRecords } from './session-records.ts';
import { SettingsRecords } from './settings-records.ts';
import { WireRecords } from './wire-records.ts';

/** All that the simulator keeps; what changes together is wrapped in `db.transaction`. */
export type Store = {
  readonly db: Database;
  readonly settings: SettingsRecords;
  readonly counters: CounterRecords;
  readonly phones: PhoneRecords;
  readonly sessions: SessionRecords;
  readonly companions: CompanionRecords;
  readonly groups: GroupRecords;
  readonly messages: MessageRecords;
  readonly deliveries: DeliveryRecords;
  readonly wire: WireRecords;
};

/** Opens the file, or makes it. */
export function openStore(path: string): Store {
  const db = new Database(path);
  return {
    db,
    settings: new SettingsRecords(db),
    counters: new CounterRecords(db),
    phones: new PhoneRecords(db),
    sessions: new SessionRecords(db),
    companions: new CompanionRecords(db),
    groups: new GroupRecords(db),
    messages: new MessageRecords(db),
    deliveries: new DeliveryRecords(db),
    wire: new WireRecords(db),
  };
}
