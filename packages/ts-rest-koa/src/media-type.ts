import type { IncomingHttpHeaders } from 'node:http';

/** `Application/JSON; charset=utf-8` → `application/json` */
function essence(contentType: string): string {
  const end = contentType.indexOf(';');
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** Whether a request body has the media type, is UTF-8 and is not compressed. */
export function isMediaType(headers: IncomingHttpHeaders, mediaType: string): boolean {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') return false;
  const contentType = headers['content-type'];
  if (contentType === undefined) return false;
  if (contentType === mediaType) return true;
  if (essence(contentType) !== mediaType) return false;
  const charset = CHARSET.exec(contentType)?.[1]?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8';
}

/** `application/json` and everything that ends in `+json`. */
export function isJsonMediaType(contentType: string): boolean {
  const type = essence(contentType);
  return type === 'application/json' || type.endsWith('+json');
}
