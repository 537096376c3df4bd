import { openForProcess } from './open-for-process.ts';
import { runProcess } from './run-process.ts';

/** `twite relay`: brings MongoDB's changes to RabbitMQ, or stands by until the relay that leads is gone. */
export const runRelay = (env: Readonly<Record<string, string | undefined>>): Promise<void> =>
  runProcess(env, 'relay', async ({ config, log, metrics, resources }) => {
    const { open } = await openForProcess({ config, log, metrics, relay: true });
    resources.use(open);
    return open;
  });
