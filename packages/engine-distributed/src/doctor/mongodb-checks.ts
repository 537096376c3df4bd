import { judgeClock } from '@twite/core/doctor/clocks';
import { type Check, type Finding, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { isAtLeast, judgeVersion } from '@twite/core/doctor/versions';
import { placeOf } from '../connections.ts';
import { type Databases, type Deployment, databaseNames, type MongoUrls } from '../mongodb/databases.ts';
import { readVersion } from '../mongodb/ensure-schema.ts';
import { findFilling } from '../mongodb/incomplete.ts';
import { schemaVersion } from '../mongodb/schema-version.ts';
import { readRelayStatus } from '../relay/relay-status.ts';

const supported = { least: '7.0', below: '9.0' };

/** Checks of each deployment of MongoDB. They write a barrier and erase it. */
export function mongoChecks(urls: MongoUrls, databases: Databases): readonly Check[] {
  return databases.deployments.flatMap((deployment) => deploymentChecks(urls, databases, deployment));
}

const labelOf = ({ deployments }: Databases, { databases: names }: Deployment): string =>
  deployments.length === 1 ? 'mongodb' : `mongodb ${names.join('+')}`;

function deploymentChecks(urls: MongoUrls, databases: Databases, deployment: Deployment): readonly Check[] {
  const { client, databases: names, barriers } = deployment;
  const [first = 'identity'] = names;
  const label = labelOf(databases, deployment);
  const place = placeOf(urls[first]);
  const fix = `Start MongoDB at ${place}, or correct TWITE_MONGODB_URL, its user and its password.`;
  const admin = client.db('admin');
  return [
    {
      name: label,
      fix,
      async find() {
        await admin.command({ ping: 1 });
        // Requires an authenticated user, if MongoDB has users.
        await databases.db(first).collection('schema').findOne({});
        return pass(`answers at ${place}`);
      },
    },
    {
      name: `${label} version`,
      needs: label,
      fix,
      async find(): Promise<Finding> {
        const { version } = await admin.command({ buildInfo: 1 });
        if (isAtLeast(version, supported.least)) return judgeVersion('MongoDB', version, supported);
        // Only a warning: change streams are what matters, and they have a check of their own.
        return warn(`MongoDB ${version} is too old`, `Install MongoDB ${supported.least} or newer.`);
      },
    },
    {
      name: `${label} clock`,
      needs: label,
      fix,
      async find() {
        const askedAt = Date.now();
        const { localTime } = await admin.command({ hello: 1 });
        return judgeClock('MongoDB', (localTime as Date).getTime(), askedAt, Date.now());
      },
    },
    {
      name: `${label} writes`,
      needs: label,
      fix: `Give the user of TWITE_MONGODB_URL the role readWrite on ${names.map((name) => databases.nameOf(name)).join(', ')}, and check that the replica set has a majority.`,
      async find() {
        // The check creates nothing that a server did not create.
        if ((await readVersion(databases.db(first))) === 0)
          return pass('not checked: there is no instance yet');
        const startedAt = performance.now();
        const _id = `doctor-${crypto.randomUUID()}`;
        await barriers.insertOne({ _id, createdAt: new Date() });
        await barriers.deleteOne({ _id });
        return pass(`a majority confirmed a write in ${Math.round(performance.now() - startedAt)} ms`);
      },
    },
    {
      name: `${label} change streams`,
      needs: label,
      fix: 'Run MongoDB as a replica set, even a single server (rs.initiate()), and give the user the role readAnyDatabase, or changeStream and find on all databases.',
      async find() {
        const stream = client.watch([], { maxAwaitTimeMS: 100 });
        try {
          await stream.tryNext();
        } finally {
          await stream.close();
        }
        const { setName, msg } = await admin.command({ hello: 1 });
        if (setName !== undefined || msg === 'isdbgrid')
          return pass(setName ? `replica set ${setName}` : 'sharded');
        return warn(
          'change streams work, although this is not a replica set',
          'For production, run MongoDB itself, as a replica set (rs.initiate()).',
        );
      },
    },
  ];
}

const lagWarnsMs = 30_000;

/** Checks of the content of the databases. */
export function instanceChecks(databases: Databases): readonly Check[] {
  const fix = 'See the checks of MongoDB.';
  const identity = databases.deployments.find(({ databases: names }) => names.includes('identity'));
  const needs = identity === undefined ? '' : labelOf(databases, identity);
  return [
    {
      name: 'schema',
      needs,
      fix,
      async find() {
        const filling = await findFilling(databases);
        if (filling !== undefined) {
          return fail(
            `\`twite ${filling}\` is under way, or was interrupted`,
            `Wait until it has finished, or run \`twite ${filling}\` again.`,
          );
        }
        const versions = await Promise.all(databaseNames.map((name) => readVersion(databases.db(name))));
        const [oldest, newest] = [Math.min(...versions), Math.max(...versions)];
        if (newest > schemaVersion) {
          return fail(
            `version ${newest} was written by a newer Twite; this one knows ${schemaVersion}`,
            'Upgrade Twite.',
          );
        }
        if (newest === 0) return pass('there is no instance yet; the first start creates it');
        if (oldest < schemaVersion) {
          return warn(
            `version ${oldest}; the next start of this Twite makes it ${schemaVersion}`,
            'Take a backup, then upgrade as docs/operations/ says.',
          );
        }
        return pass(`version ${newest}`);
      },
    },
    {
      name: 'relay',
      needs,
      fix,
      async find() {
        const { leader, lagMs } = await readRelayStatus(databases);
        if (leader === null)
          return warn(
            'no relay leads: new posts do not reach timelines, search and counts',
            'Start `twite relay` twice.',
          );
        if (lagMs !== null && lagMs > lagWarnsMs) {
          return warn(
            `the relay is ${Math.round(lagMs / 1000)} s behind`,
            'Check its log, and RabbitMQ, whose confirmations it waits for.',
          );
        }
        return pass(`one leads, ${lagMs === null ? 'in its snapshot' : `${lagMs} ms behind`}`);
      },
    },
    {
      name: 'parked messages',
      needs,
      fix,
      async find() {
        const parked = await databases.collections.parkedMessages.countDocuments({}, { limit: 10_000 });
        if (parked === 0) return pass('none');
        return warn(
          `${parked} failed and were parked`,
          '`twite admin queues show` shows their errors; `replay` retries them, `drop` deletes them.',
        );
      },
    },
  ];
}
