import { hasServices } from '@twite/engine-distributed/testing';
import { watchCpu } from './cpu.ts';
import { fanOutRatio } from './distributed/fan-out.ts';
import { hint, openInstance, servicePids } from './distributed/instance.ts';
import { networkMeasures } from './distributed/network.ts';
import { writeMeasures } from './distributed/writes.ts';
import type { Measures } from './embedded.ts';
import type { Effort, Figure } from './figures.ts';
import { heavyEnv, heavyRatios } from './heavy/heavy.ts';
import { heavyNetwork } from './heavy/heavy-network.ts';
import { homeEnv, homeReadRatio } from './home/home.ts';
import { homeNetwork } from './home/home-network.ts';
import { mixedRates } from './mixed.ts';
import { fillDistributed } from './network/fill-distributed.ts';

async function mixed(effort: Effort): Promise<Figure[]> {
  await using instance = await openInstance();
  await using relay = await instance.relay();
  await using worker = await instance.worker();
  await using server = await instance.server();
  return await mixedRates(effort, {
    name: 'distributed',
    url: server.url,
    watchCpu: () => watchCpu({ server: server.pid, worker: worker.pid, relay: relay.pid, ...servicePids() }),
  });
}

async function home(effort: Effort): Promise<Figure[]> {
  await using instance = await openInstance();
  const tokens = await fillDistributed(instance, homeNetwork());
  await using server = await instance.server({ pin: true, env: homeEnv });
  return await homeReadRatio(effort, server, [...tokens.values()], 0.35);
}

async function heavy(effort: Effort): Promise<Figure[]> {
  await using instance = await openInstance();
  const tokens = await fillDistributed(instance, heavyNetwork());
  await using server = await instance.server({ pin: true, env: heavyEnv });
  return await heavyRatios(effort, server, tokens);
}

/** Exits the process, with advice, when the services are not configured. */
export function distributedMeasures(effort: Effort): Measures {
  if (!hasServices) {
    console.error(hint);
    process.exit(1);
  }
  return {
    home: () => home(effort),
    heavy: () => heavy(effort),
    fanout: () => fanOutRatio(effort),
    network: () => networkMeasures(effort),
    writes: () => writeMeasures(effort),
    mixed: () => mixed(effort),
  };
}
