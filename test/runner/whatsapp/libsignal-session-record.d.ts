/** The part of libsignal's session record that the tests use; the package has no types for it. */
declare module 'libsignal/src/session_record.js' {
  class SessionRecord {
    /** Prints the whole session. */
    closeSession(session: { indexInfo: { closed: number }; [part: string]: unknown }): void;
  }
  export = SessionRecord;
}
