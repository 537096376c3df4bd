import type { PasswordReset } from '@twite/contract';
import { createPasswordReset } from '@twite/core/password-resets/create-password-reset';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { type OperatorInput, withAccount } from './operator-command.ts';

/** The server's listening address, unless users reach it at another address. */
function publicUrlOf({ publicUrl, host, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  if (publicUrl !== null) return publicUrl;
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Creates a link that sets a new password, for any account. Throws `OperatorError`. */
export const resetPassword = (input: OperatorInput): Promise<PasswordReset> =>
  withAccount(input, (deps, { accountId }) =>
    createPasswordReset(
      deps,
      null,
      accountId,
      publicUrlOf(loadConfig(input.env ?? {}, { kind: 'operator' })),
    ),
  );
