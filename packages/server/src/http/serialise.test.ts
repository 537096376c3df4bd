import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serialise } from './serialise.ts';

const json = (body: unknown): unknown => JSON.parse(serialise(body).bytes.toString());
const tagOf = (body: unknown): string => serialise(body).tag;

const items = fc.array(
  fc.oneof(
    fc.jsonValue(),
    fc
      .record({ text: fc.string({ unit: 'binary' }), liked: fc.boolean() })
      .map((item) => Object.freeze(item)),
  ),
);
const page = fc.record({ items, nextCursor: fc.option(fc.string()) });

test('the bytes of any page equal those of JSON.stringify, also the second time', () => {
  fc.assert(
    fc.property(page, (body) => {
      const expected = Buffer.from(JSON.stringify(body));
      expect(serialise(body).bytes).toEqual(expected);
      expect(serialise({ ...body, items: [...body.items] }).bytes).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('equal bodies have the same tag, and different ones do not', () => {
  fc.assert(
    fc.property(page, page, (one, other) => {
      expect(tagOf(structuredClone(one))).toBe(tagOf(one));
      const same = JSON.stringify(one) === JSON.stringify(other);
      expect(tagOf(one) === tagOf(other)).toBe(same);
    }),
    { numRuns: 1_000 },
  );
});

test('a page with the same start as an earlier one is not confused with it', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((postId) => Object.freeze({ postId }));
  expect(json({ items: [a, b], nextCursor: null })).toEqual({ items: [a, b], nextCursor: null });
  expect(json({ items: [a, c], nextCursor: null })).toEqual({ items: [a, c], nextCursor: null });
  expect(json({ items: [a, c], nextCursor: '1' })).toEqual({ items: [a, c], nextCursor: '1' });
});

test('unfrozen values are serialized each time', () => {
  const item = { likeCount: 1 };
  const body = { items: [item], nextCursor: null };
  const before = tagOf(body);
  item.likeCount = 2;
  expect(json(body)).toEqual(body);
  expect(tagOf(body)).not.toBe(before);
});

test('a post with its replies is not a page', () => {
  const body = Object.freeze({ postId: '1', items: 1, nextCursor: null });
  expect(json(body)).toEqual(body);
});
