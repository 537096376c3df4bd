import { hostname } from 'node:os';
import type { ProcessDescription } from '@twite/core/admin/engine-status';
import { twiteVersion } from './twite-version.ts';

/** Describes this process for the status of the instance. */
export const describeProcess = (
  role: ProcessDescription['role'],
  { services = [], consumers = [] }: Partial<Pick<ProcessDescription, 'services' | 'consumers'>> = {},
): ProcessDescription => ({
  role,
  version: twiteVersion(),
  host: `${hostname()}:${process.pid}`,
  services,
  consumers,
  startedAt: Math.round(performance.timeOrigin),
});
