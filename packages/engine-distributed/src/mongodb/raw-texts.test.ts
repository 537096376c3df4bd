import fc from 'fast-check';
import { BSON } from 'mongodb';
import { expect, it } from 'vitest';
import { rawTexts } from './raw-texts.ts';

const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 });
const other = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));

it('raw texts equal those of the driver, at any position and with any neighbours', () => {
  fc.assert(
    fc.property(
      ascii,
      ascii,
      fc.dictionary(
        fc
          .string({ unit: 'grapheme-ascii', minLength: 1 })
          .filter((name) => name !== 'one' && name !== 'other' && name !== '__proto__'),
        other,
      ),
      fc.boolean(),
      (one, second, beside, isFirst) => {
        const document = isFirst ? { one, ...beside, other: second } : { ...beside, other: second, one };
        expect(rawTexts(BSON.serialize(document), ['one', 'other'])).toEqual([one, second]);
      },
    ),
  );
});
