import { UsageError } from '../usage-error.ts';

const lengthMax = 30;

/** Checks the prefix of handles. Throws UsageError if it is invalid. */
export function checkPrefix(prefix: string): string {
  if (/^[A-Za-z0-9_]{0,20}$/.test(prefix)) return prefix;
  throw new UsageError(`--prefix "${prefix}" is invalid. Use up to 20 letters, digits and underscores.`);
}

/** For `parseEdgeList`: checks whether nodes can become distinct handles. */
export function nodeChecker(prefix: string): (name: string) => string | undefined {
  const seen = new Map<string, string>();
  return (name) => {
    if (!/^[A-Za-z0-9_]+$/.test(name))
      return 'contains characters that handles cannot contain. Use letters, digits and underscores.';
    if (prefix.length + name.length > lengthMax)
      return `is too long: a handle has at most ${lengthMax} characters.`;
    // Handles are unique, ignoring case.
    const other = seen.get(name.toLowerCase());
    if (other !== undefined) return `and "${other}" would be the same handle.`;
    seen.set(name.toLowerCase(), name);
    return undefined;
  };
}
