import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currentTrace, isTraceparent, newTraceparent, traceIdOf, withTrace } from './trace.ts';

const runs = { numRuns: 1000 };

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const notZero = (length: number) => hex(length).filter((digits) => /[^0]/.test(digits));
const traceparents = fc
  .tuple(notZero(32), notZero(16), hex(2))
  .map(([trace, span, flags]) => `00-${trace}-${span}-${flags}`);

test('every traceparent of version 00 is accepted', () => {
  fc.assert(fc.property(traceparents, isTraceparent), runs);
  expect(isTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')).toBe(true);
});

test('nothing else is accepted: no changed, missing or additional character, and no zero ids', () => {
  fc.assert(
    fc.property(
      traceparents,
      fc.nat({ max: 54 }),
      fc.string({ unit: 'binary-ascii', maxLength: 3 }).filter((part) => !/^[0-9a-f-]$/.test(part)),
      (text, at, part) => !isTraceparent(text.slice(0, at) + part + text.slice(at + 1)),
    ),
    runs,
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !isTraceparent(text)),
    runs,
  );
  const wrong = [
    undefined,
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n',
    '00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01',
  ];
  for (const text of wrong) expect(isTraceparent(text)).toBe(false);
});

test('a span is a traceparent: in the trace of its parent, under a new id, with its flags', () => {
  fc.assert(
    fc.property(traceparents, (parent) => {
      const span = newTraceparent(parent);
      expect(isTraceparent(span)).toBe(true);
      expect([traceIdOf(span), span.slice(-2)]).toEqual([traceIdOf(parent), parent.slice(-2)]);
      expect(span).not.toBe(parent);
    }),
    runs,
  );
});

test('without a valid parent, a span begins its own trace', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), (parent) => {
      const span = newTraceparent(parent);
      expect(isTraceparent(span)).toBe(true);
      expect(seen.has(traceIdOf(span))).toBe(false);
      seen.add(traceIdOf(span));
    }),
    runs,
  );
});

test('code that runs in a trace knows it, also later; other code does not', async () => {
  const [one, other] = [newTraceparent(), newTraceparent()];
  const later = () => Promise.resolve().then(currentTrace);
  expect(await Promise.all([withTrace(one, later), withTrace(other, later), later()])).toEqual([
    one,
    other,
    undefined,
  ]);
});
