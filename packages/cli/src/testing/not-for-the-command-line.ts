import type { OperationId } from '@twite/sdk';

/** Operations that no command is about, and why. */
export const notForTheCommandLine = {
  refreshSession: 'The SDK refreshes by itself, whatever the command.',
} satisfies Partial<Record<OperationId, string>>;
