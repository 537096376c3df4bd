import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from '@twite/core/media/blob-store';
import { parse } from 'range-parser';

/** The validators of an object's response. */
export interface Validators {
  /** A strong validator. */
  readonly etag: string;
  readonly lastModified: string;
}

/** Whether If-Range allows the Range header: it must match the object exactly. */
function isCurrent(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === lastModified;
}

/**
 * The requested range; undefined: the whole object. Multiple ranges and invalid ranges get the whole object too, as
 * HTTP allows.
 */
export function rangeOf(
  { range, 'if-range': ifRange }: IncomingHttpHeaders,
  bytes: number,
  validators: Validators,
): ByteRange | 'unsatisfiable' | undefined {
  if (range === undefined || !isCurrent(ifRange as string | undefined, validators)) return undefined;
  const { type, code, ranges } = parse(bytes, range);
  if (type !== 'bytes' || (code & 1) !== 0) return undefined;
  const [first, second] = ranges;
  if (first === undefined) return 'unsatisfiable';
  return second === undefined && code === 0 ? { start: first.start, end: first.end } : undefined;
}
