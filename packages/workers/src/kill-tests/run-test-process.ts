/** The program of test-process.ts: a worker or relay, created as in its composition root, that executes orders. */

import type { Deps } from '@twite/core/engine';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import { armFailpoint, openDistributedEngine } from '@twite/engine-distributed';
import { startWorkers } from '../start-workers.ts';
import { tinyMedia } from '../testing/tiny-media.ts';
import { performScript } from './media-script.ts';
import type { FromProcess, Order, ProcessSetup } from './test-process.ts';

const { relay = false, ...setup } = JSON.parse(process.argv[2] ?? '{}') as ProcessSetup;
const clock = { now: () => Date.now() };
const open = await openDistributedEngine({
  ...setup,
  relay,
  log: ({ level, msg, err }) => {
    if (level === 'error') process.stderr.write(`${msg} ${err}\n`);
  },
});
process.on('disconnect', () => process.exit());
const refuse = (): never => {
  throw new Error('this process knows no passwords');
};

const deps: Deps = {
  ...open.engine,
  ...tinyMedia,
  clock,
  ids: open.ids,
  passwords: { hash: refuse, verify: refuse },
  timelineRebuilds: createTimelineRebuilds(),
  settings: setup.settings,
};

async function perform(order: Order): Promise<readonly string[]> {
  if (order.do === 'makeIds') return Array.from({ length: order.count }, () => deps.ids.next());
  if (order.do === 'arm') armFailpoint(order.failpoint);
  else if (order.do === 'settle') await open.settled();
  else if (order.do === 'perform') {
    const tell = (place: number) => send({ kind: 'answered', place });
    await performScript(deps, order.script, new Set(order.answered), tell);
  } else await startWorkers({ ...deps, ...open.uncached }, order.names);
  return [];
}

// Earlier writes would come twice: with the snapshot of a first relay, and as changes.
await open.relayPlaced;

const send = (message: FromProcess) => process.send?.(message);

process.on('message', (order: Order) => {
  perform(order).then(
    (ids) => send({ kind: 'done', ids }),
    (error: unknown) => send({ kind: 'done', error: String(error) }),
  );
});
send({ kind: 'ready', processId: open.processId, machine: open.machine });
