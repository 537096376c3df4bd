import { watchMachine } from './cpu.ts';
import type { Measures } from './embedded.ts';
import type { Effort } from './figures.ts';
import { mixedRates } from './mixed.ts';

const hint = `The gateway is measured where it runs. Start compose/compose.yaml on this machine with TWITE_RATE_LIMITS=off, and
name its address: TWITE_BENCH_URL=http://127.0.0.1:8080 npm run bench -- --engine gateway`;

/** Of a whole instance behind its address. Ends the process, with what to do, when none is named. */
export function gatewayMeasures(effort: Effort): Measures {
  const url = process.env.TWITE_BENCH_URL;
  if (url === undefined) {
    console.error(hint);
    process.exit(1);
  }
  // Containers are not ours to look into: whatever the machine does but this process is the system's.
  return { mixed: () => mixedRates(effort, { name: 'gateway', url, watchCpu: watchMachine }) };
}
