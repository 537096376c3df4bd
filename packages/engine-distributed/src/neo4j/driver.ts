import neo4j, { type Driver, isRetryableError, Neo4jError } from 'neo4j-driver';

export const neo4jDeadlineMs = 1_000;

// The driver retries deadlocks between consumers; by default it would wait longer for an outage.
const writeRetriesMs = 5_000;

/**
 * Connects on the first request. The URL may contain a name and a password. `connectMs`: how long a request waits for a
 * connection; operators' commands may wait longer than readers.
 */
export function openNeo4j(url: string, connectMs = neo4jDeadlineMs): Driver {
  const address = new URL(url);
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const auth =
    username === ''
      ? undefined
      : neo4j.auth.basic(decodeURIComponent(username), decodeURIComponent(password));
  return neo4j.driver(`${address.protocol}//${address.host}`, auth, {
    connectionTimeout: connectMs,
    connectionAcquisitionTimeout: connectMs,
    maxTransactionRetryTime: writeRetriesMs,
    maxConnectionPoolSize: 20,
    // Revisions are below 2^53.
    disableLosslessIntegers: true,
    telemetryDisabled: true,
    userAgent: 'twite',
  });
}

const unavailableCodes = ['Neo.ClientError.Transaction.TransactionTimedOut', 'Neo.ClientError.Security.'];

/**
 * Whether an error means that Neo4j is unavailable, rejects Twite, is too slow or is overloaded: the same request is
 * worth a retry later.
 */
export function isNeo4jUnavailable(error: unknown): boolean {
  if (!(error instanceof Neo4jError)) return false;
  if (isRetryableError(error)) return true;
  // The pool's own error has no code.
  if (error.message.startsWith('Connection acquisition timed out')) return true;
  return unavailableCodes.some((code) => error.code.startsWith(code));
}
