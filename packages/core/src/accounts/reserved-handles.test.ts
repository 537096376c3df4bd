import { contract } from '@twite/contract';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { defaultReservedHandles, isReservedHandle } from './reserved-handles.ts';

const byDefault = { reservedHandles: defaultReservedHandles };

it('a reserved handle is reserved in any case and with underscores anywhere', () => {
  const disguised = fc.constantFrom(...defaultReservedHandles).chain((handle) =>
    fc
      .array(fc.record({ upper: fc.boolean(), underscores: fc.integer({ min: 0, max: 2 }) }), {
        minLength: handle.length,
        maxLength: handle.length,
      })
      .map((changes) =>
        changes
          .map(({ upper, underscores }, index) => {
            const letter = handle[index] ?? '';
            return (upper ? letter.toUpperCase() : letter) + '_'.repeat(underscores);
          })
          .join(''),
      ),
  );
  fc.assert(
    fc.property(disguised, (handle) => {
      expect(isReservedHandle(byDefault, handle)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

it('handles that only begin like a reserved one are free, as are all handles without a list', () => {
  for (const handle of ['admin1', 'badmin', 'helpful', 'rooted', '___', 'cosette']) {
    expect(isReservedHandle(byDefault, handle)).toBe(false);
  }
  expect(isReservedHandle({ reservedHandles: [] }, 'admin')).toBe(false);
  expect(isReservedHandle({ reservedHandles: ['Lost_Property'] }, 'lostproperty')).toBe(true);
});

it('every reserved handle is a valid handle', () => {
  for (const handle of defaultReservedHandles) {
    const body = { handle, password: 'correct horse battery' };
    expect(contract.createAccount.body.safeParse(body).success).toBe(true);
  }
});
