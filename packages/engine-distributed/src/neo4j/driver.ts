import neo4j, { type Driver, isRetryableError, Neo4jError } from 'neo4j-driver';

export const neo4jDeadlineMs = 1_000;

// Deadlocks between consumers are tried again by the driver; an outage is not waited for as long as it would by itself.
const writeRetriesMs = 5_000;

/**
 * Connects when it is first asked. A name and a password may stand in the URL. `connectMs`: how long a request waits for a
 * connection; commands of operators may wait longer than readers.
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

/** Whether an error says that Neo4j is away, refuses us, is too slow or overloaded: worth asking again later, as it was asked. */
export function isNeo4jUnavailable(error: unknown): boolean {
  if (!(error instanceof Neo4jError)) return false;
  if (isRetryableError(error)) return true;
  // The pool's own error has no code.
  if (error.message.startsWith('Connection acquisition timed out')) return true;
  return unavailableCodes.some((code) => error.code.startsWith(code));
}
