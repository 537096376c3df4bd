/** oclif's messages about invalid command lines, and our replacements. */
const messages: readonly (readonly [pattern: RegExp, say: (...parts: string[]) => string])[] = [
  [
    /^Missing \d+ required args?:\n([\s\S]+?)(?:\n\nNote: [\s\S]*)?$/,
    (list = '') =>
      list
        .split('\n')
        .map((one) => one.trim().replace(/^(\S+)\s*/, (_, name: string) => `Missing ${name.toUpperCase()}: `))
        .join('\n'),
  ],
  [/^The following errors? occurred:\s+Missing required flag (\S+)$/, (flag) => `Missing --${flag}.`],
  [
    /^Parsing (--\S+)(?::| \n\s*) ?Expected (.+) but received: ([\s\S]*)$/,
    (flag, expected, given) => `${flag} must be ${expected}, not "${given}".`,
  ],
  [
    /^Expected (--[^=\s]+)=([\s\S]*) to be one of: (.+)$/,
    (flag, given, options) => `${flag} must be one of ${options}, not "${given}".`,
  ],
  [/^Expected ([\s\S]*) to be one of: (.+)$/, (given, options) => `"${given}" is not one of ${options}.`],
  [/^Nonexistent flags?: ([\s\S]+)$/, (flags) => `There is no flag ${flags}.`],
  [/^Unexpected arguments?: ([\s\S]+)$/, (given) => `Unexpected argument: ${given}`],
  [/^Flag (--\S+) expects a value$/, (flag) => `${flag} needs a value.`],
];

/** Rewrites a message of oclif in our words. Returns unknown ones unchanged. */
export function usageMessage(message: string): string {
  const text = message.replace(/\nSee more help with --help$/, '').trim();
  for (const [pattern, say] of messages) {
    const parts = pattern.exec(text);
    if (parts !== null) return say(...parts.slice(1).map((part) => part ?? ''));
  }
  return text;
}
