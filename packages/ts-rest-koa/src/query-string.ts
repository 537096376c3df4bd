import type { Issue, IssueLocation } from './problem.ts';
import { addIssue } from './validate.ts';

// An object without a prototype, but with a hidden class: `Object.create(null)` returns a slow dictionary.
const NoPrototype = function NoPrototype() {} as unknown as new () => Record<string, string>;
NoPrototype.prototype = Object.freeze(Object.create(null));

const EMPTY: Readonly<Record<string, string>> = Object.freeze(new NoPrototype());

/** `ids[]` and `ids[0]`, as other clients write the values of a list. */
const indexed = /^(.+)\[\d{0,4}\]$/s;

/**
 * Parses `a=1&b=x%20y` into an object without a prototype, so that keys such as `__proto__` are plain keys. A list is
 * one value, `a,b`, which its schema splits. `isList` selects the keys whose values may also be separate, as
 * `ids=a&ids=b`, `ids[]=a&ids[]=b` or `ids[0]=a&ids[1]=b`: they are joined. Any other duplicate key and
 * percent-encoding that does not decode are issues.
 */
export function parseQuery(
  text: string,
  issues: Issue[],
  location: IssueLocation = 'query',
  isList?: (key: string) => boolean,
): Readonly<Record<string, string>> {
  if (text === '') return EMPTY;
  const query = new NoPrototype();
  for (let start = 0; start <= text.length; ) {
    let end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end > start) {
      let equals = text.indexOf('=', start);
      if (equals === -1 || equals > end) equals = end;
      const written = decode(text.slice(start, equals));
      const listed = isList && written?.endsWith(']') ? indexed.exec(written)?.[1] : undefined;
      const key = listed !== undefined && isList?.(listed) ? listed : written;
      const value = equals === end ? '' : decode(text.slice(equals + 1, end));
      if (key === undefined || value === undefined) {
        addIssue(issues, {
          in: location,
          path: key ?? '',
          code: 'malformed_encoding',
          message: 'The percent-encoding is not valid UTF-8',
        });
      } else if (key in query && isList?.(key)) {
        query[key] += `,${value}`;
      } else if (key in query) {
        addIssue(issues, {
          in: location,
          path: key,
          code: 'duplicate_key',
          message: 'Must be given only once; separate several values by commas: a,b',
        });
      } else query[key] = value;
    }
    start = end + 1;
  }
  return query;
}

function decode(part: string): string | undefined {
  const spaced = part.includes('+') ? part.replaceAll('+', ' ') : part;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return undefined;
  }
}
