import type { DerivedData } from '@twite/core/admin/derived-data';
export const makeDerivedData = (_: unknown): DerivedData => {
  throw new Error('not yet');
};
