/** The layout's version, kept in SQLite's `user_version`. A file of another version is refused. */
export const SCHEMA_VERSION = 1;

/**
 * Everything that the simulated network must not forget. All tables are STRICT, so that a column
 * always holds the type that it names. Times are milliseconds since 1970, flags are 0 or 1.
 * A *chat* is written as people see it: `<number>@c.us` or `<id>@g.us`.
 */
export const SCHEMA = `
-- The server's own keys: Noise static key, certificate root, TLS key and certificate, media token.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

-- What GET /stats sums up over all runs: logins, messages, violations.
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;

-- The last violations in words, without any message text.
CREATE TABLE violation_samples (
  seq  INTEGER PRIMARY KEY AUTOINCREMENT,
  text TEXT NOT NULL
) STRICT;

-- A phone is an account and its device 0.
CREATE TABLE phones (
  number                   TEXT PRIMARY KEY,
  lid                      TEXT NOT NULL UNIQUE,
  name                     TEXT NOT NULL,
  online                   INTEGER NOT NULL,
  auto_read                INTEGER NOT NULL,
  identity_public          BLOB NOT NULL,
  identity_private         BLOB NOT NULL,
  registration_id          INTEGER NOT NULL,
  signed_pre_key_id        INTEGER NOT NULL,
  signed_pre_key_public    BLOB NOT NULL,
  signed_pre_key_private   BLOB NOT NULL,
  signed_pre_key_signature BLOB NOT NULL,
  next_pre_key_id          INTEGER NOT NULL,
  next_device              INTEGER NOT NULL
) STRICT;

-- One-time pre-keys that a phone gave out and that nobody has used yet.
CREATE TABLE phone_pre_keys (
  number  TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  key_id  INTEGER NOT NULL,
  public  BLOB NOT NULL,
  private BLOB NOT NULL,
  PRIMARY KEY (number, key_id)
) STRICT, WITHOUT ROWID;

-- The Double Ratchet of a phone with one other device, as JSON.
CREATE TABLE sessions (
  number      TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  peer_number TEXT NOT NULL,
  peer_device INTEGER NOT NULL,
  state       TEXT NOT NULL,
  PRIMARY KEY (number, peer_number, peer_device)
) STRICT, WITHOUT ROWID;

-- Group sender keys that a phone knows, its own (sender = itself, device 0) among them, as JSON.
CREATE TABLE sender_keys (
  number        TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  group_id      TEXT NOT NULL,
  sender_number TEXT NOT NULL,
  sender_device INTEGER NOT NULL,
  state         TEXT NOT NULL,
  PRIMARY KEY (number, group_id, sender_number, sender_device)
) STRICT, WITHOUT ROWID;

-- The devices to which a phone has already sent its own sender key.
CREATE TABLE sender_key_recipients (
  number      TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  group_id    TEXT NOT NULL,
  peer_number TEXT NOT NULL,
  peer_device INTEGER NOT NULL,
  PRIMARY KEY (number, group_id, peer_number, peer_device)
) STRICT, WITHOUT ROWID;

-- Linked devices. login_no counts their logins: a smaller number is an older socket.
CREATE TABLE companions (
  number                   TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  device                   INTEGER NOT NULL,
  noise_public             BLOB NOT NULL,
  identity_public          BLOB NOT NULL,
  registration_id          INTEGER NOT NULL,
  signed_pre_key_id        INTEGER NOT NULL,
  signed_pre_key_public    BLOB NOT NULL,
  signed_pre_key_signature BLOB NOT NULL,
  platform                 TEXT NOT NULL,
  linked_at                INTEGER NOT NULL,
  login_no                 INTEGER NOT NULL,
  PRIMARY KEY (number, device)
) STRICT, WITHOUT ROWID;

-- One-time pre-keys that companions uploaded; a row goes when it is handed out.
CREATE TABLE companion_pre_keys (
  number  TEXT NOT NULL,
  device  INTEGER NOT NULL,
  key_id  INTEGER NOT NULL,
  public  BLOB NOT NULL,
  PRIMARY KEY (number, device, key_id),
  FOREIGN KEY (number, device) REFERENCES companions ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE groups (
  id              TEXT PRIMARY KEY,
  subject         TEXT NOT NULL,
  creator         TEXT NOT NULL REFERENCES phones,
  addressing_mode TEXT NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE group_members (
  group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
  number   TEXT NOT NULL REFERENCES phones,
  position INTEGER NOT NULL,
  PRIMARY KEY (group_id, number)
) STRICT, WITHOUT ROWID;

-- What a phone shows: decrypted and own messages, in the order of their arrival.
CREATE TABLE messages (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  number      TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  chat        TEXT NOT NULL,
  sender      TEXT NOT NULL,
  device      INTEGER NOT NULL,
  id          TEXT NOT NULL,
  at          INTEGER NOT NULL,
  addressing  TEXT NOT NULL,
  view        TEXT NOT NULL,
  content     BLOB NOT NULL,
  copies      INTEGER NOT NULL,
  state       TEXT NOT NULL,
  UNIQUE (number, chat, sender, id)
) STRICT;
CREATE INDEX messages_by_phone ON messages (number, seq);
CREATE INDEX messages_by_id ON messages (number, id);

-- What became of a phone's own message at each reader: delivered, read, played.
CREATE TABLE message_receipts (
  number TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  id     TEXT NOT NULL,
  reader TEXT NOT NULL,
  type   TEXT NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (number, id, reader, type)
) STRICT, WITHOUT ROWID;

-- Messages that a phone could not decrypt yet: how often it asked again, how many copies it saw.
CREATE TABLE undecrypted (
  number   TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  chat     TEXT NOT NULL,
  sender   TEXT NOT NULL,
  device   INTEGER NOT NULL,
  id       TEXT NOT NULL,
  copies   INTEGER NOT NULL,
  PRIMARY KEY (number, chat, sender, device, id)
) STRICT, WITHOUT ROWID;

-- Stanzas that wait for a device: a companion until its receipt or ack, a phone until it is online.
CREATE TABLE deliveries (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  number      TEXT NOT NULL REFERENCES phones ON DELETE CASCADE,
  device      INTEGER NOT NULL,
  tag         TEXT NOT NULL,
  stanza_id   TEXT NOT NULL,
  stanza_type TEXT NOT NULL,
  node        BLOB NOT NULL
) STRICT;
CREATE INDEX deliveries_by_device ON deliveries (number, device, seq);

-- The message ids that a companion has used, for the duplicate check.
CREATE TABLE sent_ids (
  number        TEXT NOT NULL,
  device        INTEGER NOT NULL,
  id            TEXT NOT NULL,
  chat          TEXT NOT NULL,
  login_no      INTEGER NOT NULL,
  acked         INTEGER NOT NULL,
  retries_asked INTEGER NOT NULL,
  retries_used  INTEGER NOT NULL,
  fingerprint   TEXT,
  PRIMARY KEY (number, device, id)
) STRICT, WITHOUT ROWID;

-- Every ratchet position seen on the wire, and the digest of the ciphertext that used it.
CREATE TABLE ratchet_positions (
  sender    TEXT NOT NULL,
  recipient TEXT NOT NULL,
  chain     TEXT NOT NULL,
  counter   INTEGER NOT NULL,
  digest    BLOB NOT NULL,
  PRIMARY KEY (sender, recipient, chain, counter)
) STRICT, WITHOUT ROWID;
`;

/** Made when they are missing: what came since, beside the layout of the version. */
export const ADDITIONS = `
CREATE TABLE IF NOT EXISTS group_admins (
  group_id TEXT NOT NULL REFERENCES groups ON DELETE CASCADE,
  number   TEXT NOT NULL REFERENCES phones,
  PRIMARY KEY (group_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS group_descriptions (
  group_id TEXT PRIMARY KEY REFERENCES groups ON DELETE CASCADE,
  text     TEXT NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS message_changes ON messages (number, seq)
  WHERE json_extract(view, '$.type') IN ('reaction', 'edit', 'revoke');
`;
