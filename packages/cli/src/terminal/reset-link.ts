import type { PasswordReset } from '@twite/sdk';
import { line, lines, type Printable } from './printable.ts';

/** The message about a new reset link. */
export const resetLinkText = ({ url, expiresAt }: PasswordReset): Printable =>
  lines([
    line`${url}`,
    line`The link works once, until ${expiresAt}. Without a browser, use: twite password reset`,
  ]);
