import type { OperationId } from '@twite/sdk';

/** Operations without a command, and why. */
export const notForTheCommandLine = {
  refreshSession: 'The SDK refreshes by itself, whatever the command.',
} satisfies Partial<Record<OperationId, string>>;
