/**
 * The schema of the file behind `SqliteQueue`; one file may hold many queues.
 *
 * A *lane* is what must stay in order: the group of a FIFO queue, the single message of a standard one. A lane has
 * a row as long as it has messages, and `ready_at` says from when its first message may be received. Taking the
 * lanes in the order of `ready_at` costs the same whatever waits in blocked lanes, and is fair: a lane that was just
 * served goes to the end of the line. Times are epoch milliseconds.
 */
export const QUEUE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    lane TEXT NOT NULL,
    group_id TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    visible_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messages_order ON messages (queue, lane, seq);
  CREATE INDEX messages_visible ON messages (queue, lane, visible_at);

  CREATE TABLE lanes (
    queue TEXT NOT NULL,
    lane TEXT NOT NULL,
    ready_at INTEGER NOT NULL,
    PRIMARY KEY (queue, lane)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lanes_ready ON lanes (queue, ready_at);

  CREATE TABLE dedups (
    queue TEXT NOT NULL,
    dedup_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (queue, dedup_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX dedups_expiry ON dedups (expires_at);

  CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    group_id TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    died_at INTEGER NOT NULL,
    receive_count INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX dead_letters_order ON dead_letters (queue, id);
  CREATE INDEX dead_letters_age ON dead_letters (died_at);
  `,
];
