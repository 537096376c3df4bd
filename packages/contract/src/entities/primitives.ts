import { z } from 'zod4';
import { contractLimits } from '../limits.ts';

// Lone surrogates cannot be stored as UTF-8 and many tools end strings at NUL: neither is text.
const isPlainText = (value: string): boolean => value.isWellFormed() && !value.includes('\u0000');

/** A string that every store can hold: no lone surrogates, no NUL. */
export const plainText = () =>
  z
    .string()
    .refine(isPlainText, { error: 'must not contain NUL or lone surrogates', params: { code: 'not_text' } });

const maxId = (2n ** 63n - 1n).toString();

/** A 64-bit snowflake, always a decimal string of 19 digits: ids sort as text, by time. */
export const id = z
  .string()
  // Without `abort`, a text that is not a number would cause a second error.
  .regex(/^[0-9]{19}$/, { error: 'must be a decimal string of 19 digits', abort: true })
  .refine((value) => value <= maxId, 'must be at most 2^63 - 1')
  .meta({
    id: 'Id',
    description: 'A 64-bit snowflake id as a decimal string of 19 digits, at most 9223372036854775807.',
    examples: ['1855647289012345678'],
  });

/** Letters, digits and underscores. Unique, ignoring case. */
export const handle = z
  .string()
  .regex(/^[A-Za-z0-9_]+$/, 'must contain only letters, digits and underscores')
  .max(contractLimits.handleLengthMax)
  .meta({
    id: 'Handle',
    description: 'The name of an account. Unique, ignoring case.',
    examples: ['cosette'],
  });

/**
 * A handle for a new account. Rejects `__proto__`, which is an inherited setter of objects, to protect readers that use
 * handles as keys.
 */
export const newHandle = handle.refine((value) => value.toLowerCase() !== '__proto__', 'is reserved');

/** ISO 8601 in UTC, with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 }).meta({
  id: 'Timestamp',
  description: 'A time in ISO 8601 format, in UTC, with milliseconds.',
  examples: ['2026-11-23T08:15:30.120Z'],
});

/** A time as sent by clients, with any offset and precision. Parsed into a `timestamp`. */
export const newTimestamp = z.iso
  .datetime({ offset: true })
  .meta({
    id: 'NewTimestamp',
    description: 'A time in ISO 8601 format, with `Z` or an offset. Stored in UTC, with milliseconds.',
    examples: ['2030-12-31T00:00:00Z'],
  })
  .transform((value) => new Date(value).toISOString());

const passwordLength = `must be ${contractLimits.passwordBytesMin} to ${contractLimits.passwordBytesMax} bytes in UTF-8`;

/**
 * Limits the bytes of a password in UTF-8 but not its characters. Stored in normalisation form C: keyboards of
 * different systems send the same letter as one character or as two.
 */
export const newPassword = plainText()
  // Composition of a long run of marks takes quadratic time, and this check runs before the expensive hash.
  .max(contractLimits.passwordBytesMax, { error: passwordLength, abort: true })
  .overwrite((value) => value.normalize())
  .refine((value) => {
    const bytes = new TextEncoder().encode(value).length;
    return bytes >= contractLimits.passwordBytesMin && bytes <= contractLimits.passwordBytesMax;
  }, passwordLength)
  .meta({
    id: 'NewPassword',
    description: `${contractLimits.passwordBytesMin} to ${contractLimits.passwordBytesMax} bytes in UTF-8. Must not be a common password.`,
    format: 'password',
    // A code point takes one to four bytes.
    minLength: Math.ceil(contractLimits.passwordBytesMin / 4),
    maxLength: contractLimits.passwordBytesMax,
    examples: ['correct horse battery staple'],
  });

/** A password to verify. It has no minimum, because the answer would reveal older rules. */
export const password = plainText()
  .min(1)
  .max(contractLimits.passwordBytesMax)
  .meta({ id: 'Password', format: 'password', examples: ['correct horse battery staple'] });

export const role = z.enum(['user', 'moderator', 'admin']).meta({
  id: 'Role',
  description: 'The permissions of an account. Each role includes those before it.',
});
export const scope = z.enum(['read', 'write', 'admin']).meta({
  id: 'Scope',
  description: 'What a token can be used for: reading, writing, or moderation and administration.',
});

/** The number of something. */
export const count = z
  .int()
  .min(0)
  .meta({ id: 'Count', examples: [3] });

export const visibility = z
  .enum(['public', 'followers'])
  .meta({ id: 'Visibility', description: '`followers`: only the author and their followers can see it.' });
