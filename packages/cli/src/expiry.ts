import { UsageError } from './usage-error.ts';

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** RFC 3339 in UTC, from a duration such as `30d`, a date or a time. */
export function expiryFrom(text: string, now: number): string {
  const [, count = '', unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? [];
  const size = units[unit];
  // ISO 8601 only: Date.parse also accepts unintended input, such as `tomorrow 1`.
  const time =
    size === undefined ? Date.parse(/^\d{4}-\d\d-\d\d/.test(text) ? text : '') : now + Number(count) * size;
  if (Number.isNaN(time)) {
    throw new UsageError(
      `--expires ${text} is neither a duration nor a date. Write 12h, 30d or 8w, or a day such as 2030-12-31.`,
    );
  }
  if (time <= now) throw new UsageError(`--expires ${text} is in the past.`);
  return new Date(time).toISOString();
}
