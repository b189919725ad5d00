/** The schema of the file behind `SqliteTable`. */
export const TABLE_MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE items (
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    gsi1pk TEXT,
    gsi1sk TEXT,
    expires_at REAL,
    data TEXT NOT NULL,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX items_gsi1 ON items (gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL;
  CREATE INDEX items_expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
  `,
];
