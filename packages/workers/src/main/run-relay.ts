import { describeProcess } from '@twite/process/describe-process';
import { checkStoreAndBroker, openForProcess } from './open-for-process.ts';
import { runProcess } from './run-process.ts';

/** `twite relay`: relays MongoDB's changes to RabbitMQ, or stands by until the leading relay is gone. */
export const runRelay = (env: Readonly<Record<string, string | undefined>>): Promise<void> =>
  runProcess(env, { kind: 'relay' }, async ({ config, log, metrics, resources, signal }) => {
    const { open } = await openForProcess({
      config,
      log,
      metrics,
      description: describeProcess('relay'),
      relay: true,
      wait: { signal },
    });
    resources.use(open);
    return {
      failed: open.failed,
      async checkReady() {
        const outdated = open.relayStandings().find(({ state }) => state === 'outdated');
        if (outdated !== undefined) throw new Error(outdated.reason ?? 'this relay is too old for the data');
        await checkStoreAndBroker(open);
      },
    };
  });
