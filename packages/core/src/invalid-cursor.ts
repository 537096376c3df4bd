import { ContractError } from '@twite/contract';

/** The error for a cursor that does not belong to this list. */
export const invalidCursor = (): ContractError =>
  new ContractError('invalid_input', {
    errors: [
      {
        in: 'query',
        path: 'cursor',
        code: 'invalid_cursor',
        message: 'This cursor does not belong to this list.',
      },
    ],
  });
