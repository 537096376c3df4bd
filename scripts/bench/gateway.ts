import { watchMachine } from './cpu.ts';
import type { Measures } from './embedded.ts';
import type { Effort } from './figures.ts';
import { mixedRates } from './mixed.ts';

const hint = `The gateway is measured where it runs. Start compose/compose.yaml on this machine with TWITE_RATE_LIMITS=off, and
name its address: TWITE_BENCH_URL=http://127.0.0.1:8080 npm run bench -- --engine gateway`;

/** Measures a whole instance behind its address. Exits the process, with advice, when none is configured. */
export function gatewayMeasures(effort: Effort): Measures {
  const url = process.env.TWITE_BENCH_URL;
  if (url === undefined) {
    console.error(hint);
    process.exit(1);
  }
  // Containers cannot be inspected: everything on the machine except this process counts as the system.
  return { mixed: () => mixedRates(effort, { name: 'gateway', url, watchCpu: watchMachine }) };
}
