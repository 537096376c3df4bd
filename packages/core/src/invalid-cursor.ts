import { ContractError } from '@twite/contract';

/** What a cursor that is none of the list's is answered with. */
export const invalidCursor = (): ContractError =>
  new ContractError('invalid_input', {
    errors: [{ in: 'query', path: 'cursor', code: 'invalid_cursor', message: 'Not a cursor of this list.' }],
  });
