import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../log.ts';
import { relayIdOf } from '../../relay/change-stream.ts';
import { takeLease } from '../../relay/leader-lease.ts';
import { type Deployment, openDatabases } from '../databases.ts';
import { findMissingIndexes, neededBeforeServing } from '../ensure-indexes.ts';
import { ensureSchema, migrateInBackground, schemaOf } from '../ensure-schema.ts';
import { LeaseLost } from '../epoch-lease.ts';
import { schemaVersion } from '../schema-version.ts';
import { mongoUrl, openTestMongo, type TestMongo } from '../testing/open-mongo.ts';
import { allMigrations } from './all-migrations.ts';
import { closeRelaysToVersion1 } from './close-relays-to-version-1.ts';
import type { Migration, MigrationRun, Stage } from './migration.ts';
import { readSchemaState, readSchemaStateAt } from './schema-state.ts';

const never = 1_000_000;
const short = { leaseMs: 150, renewMs: 50 };

describe.runIf(mongoUrl)('migrations (TWITE_TEST_MONGODB_URL)', () => {
  let mongo: TestMongo;
  beforeEach(async () => {
    mongo = await openTestMongo();
  });
  afterEach(() => mongo[Symbol.asyncDispose]());

  const recordOf = (stage: Stage) => mongo.databases.collections.migrations.findOne({ _id: stage });
  const made = (name: string, run: Migration['run'], stage: Stage = 'beforeServing'): Migration => ({
    name,
    stage,
    version: 2,
    run,
  });

  it('are recorded in a new instance, and nothing is pending', async () => {
    const urls = { posts: mongoUrl, replies: mongoUrl, social: mongoUrl, identity: mongoUrl };
    const state = await readSchemaStateAt(urls, mongo.namespace);
    expect(state).toMatchObject({
      knownVersion: schemaVersion,
      storedVersion: schemaVersion,
      running: [],
      pending: [],
      missingIndexes: [],
    });
    expect(state.applied).toEqual(
      allMigrations.map(({ name, stage, version }) => ({
        name,
        stage,
        version,
        startedAt: expect.any(Date),
        finishedAt: expect.any(Date),
        done: 0,
      })),
    );
  });

  it('are listed as pending first, without changing anything', async () => {
    const { databases } = mongo;
    await databases.collections.migrations.drop();
    await databases.db('posts').collection('likes').dropIndex('by_subject');
    expect(await readSchemaState(databases)).toMatchObject({
      applied: [],
      pending: allMigrations.map(({ name, stage }) => ({ name, stage })),
      missingIndexes: [`${mongo.namespace}_posts.likes: by_subject`],
    });
    expect(await databases.collections.migrations.countDocuments()).toBe(0);
  });

  it('run once, in order, even if several processes start at once', async () => {
    await using other = await mongo.beside();
    const ran: string[] = [];
    const migrations = ['a', 'b', 'c'].map((name) =>
      made(name, async () => {
        ran.push(name);
      }),
    );
    await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        ensureSchema(i % 2 === 0 ? mongo.databases : other.databases, { migrations }),
      ),
    );
    await ensureSchema(mongo.databases, { migrations });
    expect(ran).toEqual(['a', 'b', 'c']);
    expect((await recordOf('beforeServing'))?.applied.map(({ name }) => name)).toEqual([
      ...allMigrations.map(({ name }) => name),
      'a',
      'b',
      'c',
    ]);
  });

  it('continue from the position of a paused process, whose writes are refused from then on', async () => {
    await using other = await mongo.beside();
    const places: (string | undefined)[] = [];
    const resume = Promise.withResolvers<void>();
    const paused = Promise.withResolvers<MigrationRun>();
    let runs = 0;
    const migration = made('long', async (run) => {
      places.push(run.place);
      runs += 1;
      const from = Number(run.place ?? 0);
      for (let batch = from + 1; batch <= 4; batch++) {
        await run.save(String(batch), 10);
        if (runs === 1 && batch === 2) {
          paused.resolve(run);
          await resume.promise;
        }
      }
    });
    const logged: LogEntry[] = [];
    const migrations = [migration];
    const first = ensureSchema(mongo.databases, {
      migrations,
      log: (entry) => logged.push(entry),
      // A lease that is never renewed acts like that of a stopped process.
      times: { leaseMs: 150, renewMs: never },
    });
    const run = await paused.promise;
    await ensureSchema(other.databases, { migrations, times: short });
    expect(places).toEqual([undefined, '2']);
    const done = await recordOf('beforeServing');
    expect(done?.applied.at(-1)).toMatchObject({ name: 'long', done: 40 });
    expect(done).not.toHaveProperty('running');
    await expect(run.save('3', 10)).rejects.toThrow(LeaseLost);
    resume.resolve();
    // It sees that another process did it, and continues to serve.
    await first;
    expect(await recordOf('beforeServing')).toEqual(done);
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: 'migration taken over by another process' }),
    );
  });

  it('stop the start if they fail, and are resumed by the next one', async () => {
    const places: (string | undefined)[] = [];
    const migrations = [
      made('fails', async (run) => {
        places.push(run.place);
        if (run.place === undefined) {
          await run.save('1', 5);
          throw new Error('the disk is full');
        }
        await run.save('2', 5);
      }),
    ];
    await expect(ensureSchema(mongo.databases, { migrations })).rejects.toThrow('the disk is full');
    expect((await recordOf('beforeServing'))?.running).toMatchObject({ name: 'fails', place: '1', done: 5 });
    await ensureSchema(mongo.databases, { migrations });
    expect(places).toEqual([undefined, '1']);
    expect((await recordOf('beforeServing'))?.applied.at(-1)).toMatchObject({ name: 'fails', done: 10 });
  });

  it('in the background do not delay the start, and end with the process', async () => {
    const begun = Promise.withResolvers<void>();
    const places: (string | undefined)[] = [];
    const migrations = [
      made(
        'slow',
        async (run) => {
          places.push(run.place);
          if (run.place === '1') return;
          await run.save('1', 1);
          begun.resolve();
          await new Promise((resolve) => run.signal.addEventListener('abort', resolve));
        },
        'background',
      ),
    ];
    await ensureSchema(mongo.databases, { migrations });
    expect(places).toEqual([]);
    const background = migrateInBackground(mongo.databases, { migrations });
    await begun.promise;
    await ensureSchema(mongo.databases, { migrations });
    await background[Symbol.asyncDispose]();
    expect((await recordOf('background'))?.running).toMatchObject({ name: 'slow', place: '1' });
    await using _next = migrateInBackground(mongo.databases, { migrations });
    await expect
      .poll(async () => (await recordOf('background'))?.applied.map(({ name }) => name))
      .toEqual(['slow']);
    expect(places).toEqual([undefined, '1']);
  });

  it('build indexes: the start waits only for small and unique ones', async () => {
    const { databases } = mongo;
    const accounts = databases.db('identity').collection<{ _id: string; handleKey: string }>('accounts');
    await accounts.insertMany(['a', 'b'].map((_id) => ({ _id, handleKey: _id })));
    await accounts.dropIndex('by_handle');
    await accounts.dropIndex('by_status');
    await databases.db('posts').collection('likes').dropIndex('by_account');
    const namesOf = (all: Awaited<ReturnType<typeof findMissingIndexes>>) =>
      all.flatMap(({ missing }) => missing.map(({ name }) => name)).sort();
    const missing = await findMissingIndexes(databases);
    expect(namesOf(missing)).toEqual(['by_account', 'by_handle', 'by_status']);
    expect(namesOf(await neededBeforeServing(missing, 1))).toEqual(['by_account', 'by_handle']);
    await accounts.dropIndex('by_update');
    await using _background = migrateInBackground(databases);
    await expect.poll(async () => namesOf(await findMissingIndexes(databases))).toEqual([]);
  });

  it('keep the data usable for the previous release while it is compatible', async () => {
    await ensureSchema(mongo.databases, { schemaVersion: schemaVersion + 1 });
    await ensureSchema(mongo.databases, { schemaVersion });
    const schema = await schemaOf(mongo.databases.db('posts')).findOne({ _id: 'schema' });
    expect(schema).toMatchObject({ newest: schemaVersion + 1 });
  });

  it('prepare every deployment if there are several', async () => {
    const apart = `${mongoUrl}${mongoUrl.includes('?') ? '&' : '?'}appName=apart`;
    const urls = { posts: apart, replies: mongoUrl, social: mongoUrl, identity: mongoUrl };
    await using databases = openDatabases(urls, mongo.namespace);
    expect(databases.deployments).toHaveLength(2);
    expect(await findMissingIndexes(databases)).toHaveLength(1);
    await ensureSchema(databases);
    expect(await findMissingIndexes(databases)).toEqual([]);
    for (const _id of ['posts', 'replies+social+identity']) {
      expect(await databases.collections.relays.findOne({ _id })).toMatchObject({ schemaVersion });
    }
  });

  describe('the first one', () => {
    const relayId = () => relayIdOf(mongo.databases.deployments[0] as Deployment);
    // What the previous release writes and queries.
    const version1 = () =>
      mongo.databases
        .db('identity')
        .collection<{ _id: string; leader: string | null; epoch: number; leaseExpiresAt: Date }>('relays');

    it('prevents relays of version 1 from leading, and keeps their position', async () => {
      const { databases } = mongo;
      await databases.collections.relays.deleteMany({});
      await databases.collections.migrations.drop();
      await version1().insertOne({
        _id: relayId(),
        leader: 'old',
        epoch: 3,
        leaseExpiresAt: new Date(Date.now() + 60_000),
      });
      const save = (resumeToken: string) =>
        version1().updateOne({ _id: relayId(), epoch: 3 }, { $set: { resumeToken, relayedAt: 1 } });
      expect((await save('early')).matchedCount).toBe(1);
      await ensureSchema(databases);
      expect((await save('late')).matchedCount).toBe(0);
      const taken = await version1().findOneAndUpdate(
        { _id: relayId(), $expr: { $lte: ['$leaseExpiresAt', '$$NOW'] } },
        { $set: { leader: 'old' } },
      );
      expect(taken).toBeNull();
      const { relays } = databases.collections;
      const lease = await takeLease({
        relays,
        relayId: relayId(),
        processId: 'new',
        times: short,
        schemaVersion,
      });
      expect(await lease?.findPlace()).toEqual({ resumeToken: 'early' });
      await lease?.save({ resumeToken: 'later', relayedAt: 2 });
      // Runs again, as after a crash before it was recorded: it takes the lead from nobody.
      await closeRelaysToVersion1.run({
        databases,
        place: undefined,
        save: async () => {},
        signal: new AbortController().signal,
        log: () => {},
      });
      expect(lease?.isHeld()).toBe(true);
      await lease?.save({ resumeToken: 'last', relayedAt: 3 });
      await lease?.release();
    });
  });
});
