import { ContractError } from '@twite/contract';
import { S3Error } from 'minio';

/** S3 is unavailable, rejects Twite, does not answer in time, or returns an invalid response. */
export class ObjectsAway extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

export const isObjectsAway = (error: unknown): boolean => error instanceof ObjectsAway;

/** A response of S3 that reports a failure; `minio` would report only the status. */
export class FailedAnswer extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(status: number, body: string) {
    const code = /<Code>([^<]{1,100})<\/Code>/.exec(body)?.[1];
    super(`S3 answered ${status}${code === undefined ? '' : ` ${code}`}`);
    this.status = status;
    this.code = code;
  }
}

export const codeOf = (error: unknown): string | undefined =>
  error instanceof S3Error || error instanceof FailedAnswer ? error.code : undefined;

const withoutSpace = /(?:StorageFull|DiskFull|QuotaExceeded|InsufficientStorage|EntityTooLargeForQuota)$/;
const insufficientStorage = 507;
const fullRetryAfterSeconds = 60;

export function isFull(error: unknown): boolean {
  if (error instanceof FailedAnswer && error.status === insufficientStorage) return true;
  return withoutSpace.test(codeOf(error) ?? '');
}

/** Whether S3 reports that the object does not exist. */
export const isMissing = (error: unknown): boolean => ['NoSuchKey', 'NotFound'].includes(codeOf(error) ?? '');

export const isNoBucket = (error: unknown): boolean => codeOf(error) === 'NoSuchBucket';

/** The keys do not permit the request, or this S3 does not support it. */
export const isNotAllowed = (error: unknown): boolean =>
  [
    'AccessDenied',
    'AllAccessDisabled',
    'AccountProblem',
    'MethodNotAllowed',
    'NotImplemented',
    'UnsupportedOperation',
  ].includes(codeOf(error) ?? '');

/** Converts an error of a call to S3 to the errors that callers expect. Errors of Twite's own code stay. */
export function translated(error: unknown): unknown {
  if (isFull(error)) {
    return new ContractError('storage_full', { retryAfterSeconds: fullRetryAfterSeconds, cause: error });
  }
  if (error instanceof ContractError || error instanceof ObjectsAway || error instanceof TypeError)
    return error;
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  return new ObjectsAway(code === undefined ? reason : `${code}: ${reason}`, error);
}
