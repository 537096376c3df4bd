import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod4';
import { contractLimits } from '../limits.ts';
import { bio, displayName } from './account.ts';
import { newText } from './post.ts';
import { handle, id, newHandle, newPassword, password, plainText, timestamp } from './primitives.ts';

const runs = { numRuns: 1000 };
const accepts = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

/** Any text, including problematic kinds: lone surrogates, NUL, property names of prototypes. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('', '\0', '\ud800', 'a\udc00b', '__proto__', 'constructor', '0'.repeat(19), '-1', '1e9'),
);
const hostile = fc.tuple(
  fc.string(),
  fc.constantFrom('\0', '\ud800', '\udfff', '\udc00\ud800'),
  fc.string({ unit: 'grapheme-ascii' }),
);

const refused = { issues: [] } as const;
/** Comparing its length throws. */
const unmeasurable = fc.constantFrom(
  { length: Object.create(null) as unknown },
  { length: { valueOf: 1, toString: 1 } },
);

const schemas = { id, handle, newHandle, timestamp, newPassword, password, displayName, bio, newText };

/** Schemas that store values in another form. All others store them unchanged. */
const keptForms: Readonly<Record<string, (value: string) => string>> = {
  newPassword: (value) => value.normalize(),
  displayName: (value) => value.trim().normalize(),
  bio: (value) => value.replaceAll(/\r\n?/g, '\n').trim().normalize(),
};

describe.each(Object.entries(schemas))('%s', (name, schema) => {
  test('accepts only texts, in their stored form', async () => {
    const anything = fc.oneof(
      anyText,
      fc.anything({ withNullPrototype: true, withBigInt: true }),
      unmeasurable,
    );
    await fc.assert(
      fc.asyncProperty(anything, async (value) => {
        // A zod check that throws, as on such lengths, rejects: `ts-rest-koa` answers that as invalid input.
        const result = await Promise.resolve(schema['~standard'].validate(value)).catch(() => refused);
        if (result.issues !== undefined) return;
        expect(typeof value).toBe('string');
        expect(result.value).toBe(keptForms[name]?.(String(value)) ?? value);
      }),
      runs,
    );
  });

  test('refuses NUL and lone surrogates at any position', () => {
    fc.assert(
      fc.property(hostile, ([before, bad, after]) => {
        expect(accepts(schema, before + bad + after)).toBe(false);
      }),
      runs,
    );
  });
});

test('an id is a decimal string of 19 digits up to 2^63 - 1', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (value) => {
      expect(accepts(id, value.toString().padStart(19, '0'))).toBe(value < 2n ** 63n);
      expect(accepts(id, value.toString())).toBe(value >= 10n ** 18n && value < 2n ** 63n);
    }),
    runs,
  );
  expect(accepts(id, '9223372036854775807')).toBe(true);
  expect(accepts(id, '9223372036854775808')).toBe(false);
  expect(id.safeParse('someone').error?.issues.map(({ message }) => message)).toEqual([
    'must be a decimal string of 19 digits',
  ]);
  for (const wrong of [1855647289012345678n, 1, '١'.repeat(19), `${'1'.repeat(19)}\n`, '__proto__', null]) {
    expect(accepts(id, wrong)).toBe(false);
  }
});

test('a handle is 1 to 30 letters, digits and underscores', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      expect(accepts(handle, value)).toBe(/^[A-Za-z0-9_]{1,30}$/.test(value) && !value.includes('\n'));
    }),
    runs,
  );
  expect(accepts(handle, 'a'.repeat(contractLimits.handleLengthMax))).toBe(true);
  expect(accepts(handle, 'a'.repeat(contractLimits.handleLengthMax + 1))).toBe(false);
  for (const wrong of ['', 'é', 'a b', 'a\n', '@a']) expect(accepts(handle, wrong)).toBe(false);
});

test('the handle __proto__ is refused, ignoring case', () => {
  for (const wrong of ['__proto__', '__PROTO__']) expect(accepts(newHandle, wrong)).toBe(false);
  expect(accepts(newHandle, '_proto_')).toBe(true);
});

test('a timestamp has the format of Date', () => {
  const max = new Date('9999-12-31T23:59:59.999Z');
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max, noInvalidDate: true }), (date) => {
      expect(accepts(timestamp, date.toISOString())).toBe(true);
    }),
    runs,
  );
  for (const wrong of ['2026-02-30T00:00:00.000Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000+01:00']) {
    expect(accepts(timestamp, wrong)).toBe(false);
  }
});

test('a new password is limited in bytes, a display name in code points', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (value) => {
      const bytes = Buffer.byteLength(value.normalize());
      const plain = accepts(plainText(), value);
      expect(accepts(newPassword, value)).toBe(plain && bytes >= 10 && bytes <= 1024);
    }),
    runs,
  );
  expect(accepts(newPassword, '😀😀😀')).toBe(true);
  expect(accepts(newPassword, '😀'.repeat(257))).toBe(false);
  expect(accepts(displayName, '😀'.repeat(50))).toBe(true);
  expect(accepts(displayName, '😀'.repeat(51))).toBe(false);
});
