import { isUtf8 } from 'node:buffer';

/** Deeper JSON is refused: recursive code downstream (validators, `JSON.stringify`) would overflow its stack. */
const MAX_JSON_DEPTH = 64;

export type JsonBody = { value: unknown } | { fault: 'malformed' | 'too_deep' };

export function parseJsonBody(bytes: Buffer): JsonBody {
  if (!isUtf8(bytes)) return { fault: 'malformed' };
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: 'malformed' };
  }
  return isTooDeep(text) ? { fault: 'too_deep' } : { value };
}

/** Expects well-formed JSON. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case 0x22: // a string: skip to its closing quote
        for (i += 1; text.charCodeAt(i) !== 0x22; i += 1) if (text.charCodeAt(i) === 0x5c) i += 1;
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > MAX_JSON_DEPTH) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
    }
  }
  return false;
}
