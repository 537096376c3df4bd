import { runRelay, runWorker } from '@twite/workers';
import { run } from '../main/run.ts';

// Runs what `twite server`, `twite worker [consumers…]` and `twite relay` run, from source.
const [role, ...consumers] = process.argv.slice(2);
if (role === 'server') await run(process.env, ['--empty'], { withWorkers: false });
if (role === 'worker') await runWorker(process.env, consumers.length === 0 ? {} : { consumers });
if (role === 'relay') await runRelay(process.env);
