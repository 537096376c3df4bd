import { randomUUID } from 'node:crypto';

const acceptable = /^[\w-]{8,64}$/;

/** The client's own X-Request-Id if it is safe in a log, else a new one. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && acceptable.test(header) ? header : randomUUID();
