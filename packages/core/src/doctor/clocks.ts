import { type Finding, fail, pass, warn } from './run-checks.ts';

const skewWarnsMs = 2_000;
const skewFailsMs = 30_000;

const fix = 'Synchronise the clocks of all machines with NTP (chrony, systemd-timesyncd).';

/**
 * Compares a service's clock with ours. `askedAt` and `answeredAt` are our times, in milliseconds. `precisionMs` is the
 * precision of the service's time.
 */
export function judgeClock(
  service: string,
  theirs: number,
  askedAt: number,
  answeredAt: number,
  precisionMs = 1,
): Finding {
  // An offset within the duration of the request may be no skew at all.
  const early = askedAt - (theirs + precisionMs);
  const late = theirs - answeredAt;
  const skewMs = Math.max(0, early, late);
  const words = `the clock here is ${(skewMs / 1000).toFixed(1)} s ${early > late ? 'ahead of' : 'behind'} that of ${service}`;
  if (skewMs >= skewFailsMs) return fail(words, fix);
  if (skewMs >= skewWarnsMs) return warn(words, fix);
  return pass(`agrees with that of ${service}`);
}
