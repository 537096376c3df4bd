import { randomBytes } from 'node:crypto';

/** A namespace that nobody else uses. */
export const randomNamespace = (): string => `t${randomBytes(8).toString('hex')}`;
