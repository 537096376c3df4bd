import type { IncomingHttpHeaders } from 'node:http';
import type { ByteRange } from '@twite/core/media/blob-store';
import { parse } from 'range-parser';

/** What an object's answer is known by. */
export interface Validators {
  /** Strong. */
  readonly etag: string;
  readonly lastModified: string;
}

/** Whether If-Range lets the Range header count: it names exactly what is there. */
function isCurrent(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  return ifRange === undefined || ifRange === etag || ifRange === lastModified;
}

/**
 * The part that a request asks for; undefined: all of it. Several parts at once, and what is no range of bytes, are
 * answered with all of it too, as HTTP allows.
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
