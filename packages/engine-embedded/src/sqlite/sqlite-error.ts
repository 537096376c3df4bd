const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;
/** The shared memory of the write-ahead log could not grow. */
const SQLITE_IOERR_SHMSIZE = 4874;

/** The extended result code. Undefined if SQLite did not throw the error. */
const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;

const primaryCode = (error: unknown): number => (codeOf(error) ?? 0) & 0xff;

/** Another connection has the lock. */
export const isBusy = (error: unknown): boolean => primaryCode(error) === SQLITE_BUSY;

/** There is no space left, and nothing was written. */
export const isFull = (error: unknown): boolean =>
  primaryCode(error) === SQLITE_FULL || codeOf(error) === SQLITE_IOERR_SHMSIZE;

/** The disk failed, so the state of the file is unknown. */
export const isInputOutputError = (error: unknown): boolean =>
  primaryCode(error) === SQLITE_IOERR && !isFull(error);
