import {
  MongoError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';

const duplicateKey = 11000;
const maxTimeExpired = 50;
const authenticationFailed = 18;

// From the manual's table of error codes: the deployment is unavailable, rejects Twite, changes its primary, or did not
// answer in time.
const unavailableCodes: ReadonlySet<number> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  maxTimeExpired,
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  134, // ReadConcernMajorityNotAvailableYet
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  262, // ExceededTimeLimit
  9001, // SocketException
  authenticationFailed,
  10058, // LegacyNotPrimary
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11602, // InterruptedDueToReplStateChange
  13388, // StaleConfig
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
]);

// Most of these classes are not exported. The client is closed while it reconnects.
const unavailableNames: ReadonlySet<string> = new Set([
  'MongoWaitQueueTimeoutError',
  'MongoClientClosedError',
  'MongoNotConnectedError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoPoolClosedError',
]);

/** Whether MongoDB is unavailable or too slow, so that the outcome of the operation is unknown. */
export function isMongoUnavailable(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoOperationTimeoutError
  )
    return true;
  if (unavailableNames.has(error.name)) return true;
  if (error.hasErrorLabel('RetryableWriteError')) return true;
  return unavailableCodes.has(Number(error.code));
}

const networkCodes: ReadonlySet<string | undefined> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ESERVFAIL',
  'ETIMEDOUT',
  'ETIMEOUT',
]);

/** Whether the network or DNS fails, for example when the address of a `mongodb+srv:` URL is looked up. */
export const isNetworkFailure = (error: unknown): boolean =>
  error instanceof Error && networkCodes.has((error as NodeJS.ErrnoException).code);

/** Whether MongoDB rejects the user or password. */
export const isAuthenticationFailure = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === authenticationFailed;

/** Whether the operation exceeded its time limit: it alone, and perhaps every time. */
export const isTooSlow = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === maxTimeExpired;

/** The field whose value another document already has; undefined for any other error. */
export function duplicateField(error: unknown): string | undefined {
  if (!(error instanceof MongoServerError) || error.code !== duplicateKey) return undefined;
  return Object.keys((error.keyPattern as object | undefined) ?? {})[0] ?? '_id';
}

/** Inserts, unless a document with that key exists. Returns whether it inserted. */
export async function insertedNew(insert: Promise<unknown>): Promise<boolean> {
  try {
    await insert;
    return true;
  } catch (error) {
    if (duplicateField(error) === undefined) throw error;
    return false;
  }
}
