import type { MediaRemoval } from '@twite/core/media/media-catalogue';
import { newMediaKey } from '@twite/core/media/media-keys';
import type { MediaTarget } from '@twite/core/media/media-record';
import fc from 'fast-check';
import { expect } from 'vitest';
import { isSameTarget, MediaModel } from './media.model.ts';
import { anImage, aReservation, aVariant } from './media-fixtures.ts';
import type { SuiteContext } from './suite.ts';
import type { World } from './world.ts';

const which = fc.integer({ min: 0, max: 3 });
const some = fc.uniqueArray(which, { maxLength: 4 });
const owner = fc.integer({ min: 0, max: 1 });
const target = fc.integer({ min: 0, max: 4 });
const time = fc.integer({ min: 1, max: 9 });
const only = fc.oneof(
  fc.constantFrom<MediaRemoval['only']>(undefined, 'unattached', 'kept'),
  fc.record({ expiredBefore: time }),
);

const command = fc.oneof(
  fc.record({ act: fc.constant('reserve' as const), which, owner, time }),
  fc.record({ act: fc.constant('addKeys' as const), which, count: fc.integer({ min: 0, max: 2 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('publish' as const),
      which,
      state: fc.constantFrom('processing' as const, 'ready' as const, 'failed' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('attach' as const), some, owner, target, time }) },
  fc.record({ act: fc.constant('keep' as const), some, target }),
  fc.record({
    act: fc.constant('update' as const),
    which,
    what: fc.constantFrom('altText' as const, 'focus' as const, 'variants' as const, 'unknown' as const),
  }),
  fc.record({ act: fc.constant('remove' as const), some, only, time }),
  fc.record({ act: fc.constant('erase' as const), some }),
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** Four media and two owners for one run. */
function aRun(world: World) {
  const mediaIds = Array.from({ length: 4 }, () => world.id());
  const owners = [world.id(), world.id()];
  const [postId = '', otherPostId = ''] = [world.id(), world.id()];
  const targets: MediaTarget[] = [
    { kind: 'post', postId },
    { kind: 'post', postId: otherPostId },
    { kind: 'reply', postId, replyId: world.id() },
    { kind: 'avatar', accountId: owners[0] ?? '' },
    { kind: 'banner', accountId: owners[0] ?? '' },
  ];
  const model = new MediaModel();
  const everyKey = new Set<string>();
  const at = <T>(list: readonly T[], index: number): T => list[index] as T;
  const idsOf = (some: readonly number[]) => some.map((index) => at(mediaIds, index));

  async function perform(step: Command): Promise<void> {
    const { media } = world.engine;
    if (step.act === 'reserve') {
      const given = { mediaId: at(mediaIds, step.which), expiresAt: step.time };
      const reservation = aReservation(world, at(owners, step.owner), given);
      for (const key of reservation.keys) everyKey.add(key);
      expect(await media.reserve(reservation)).toBe(model.reserve(reservation));
    } else if (step.act === 'addKeys') {
      const keys = Array.from({ length: step.count }, () => newMediaKey('image/webp'));
      for (const key of keys) everyKey.add(key);
      const mediaId = at(mediaIds, step.which);
      expect(await media.addKeys(mediaId, keys)).toBe(model.addKeys(mediaId, keys));
    } else if (step.act === 'publish') {
      const published = anImage({ state: step.state });
      const mediaId = at(mediaIds, step.which);
      expect(await media.publish(mediaId, published)).toBe(model.publish(mediaId, published));
    } else if (step.act === 'attach') {
      const attachment = {
        ownerId: at(owners, step.owner),
        target: at(targets, step.target),
        expiresAt: step.time,
      };
      const refused = await media.attach(idsOf(step.some), attachment);
      expect(new Set(refused)).toEqual(new Set(model.attach(idsOf(step.some), attachment)));
    } else if (step.act === 'keep') {
      await media.keep(idsOf(step.some), at(targets, step.target));
      model.keep(idsOf(step.some), at(targets, step.target));
    } else if (step.act === 'update') {
      const mediaId = at(mediaIds, step.which);
      const keys = model.records.get(mediaId)?.keys ?? [];
      const square = aVariant('square96', 96);
      const changes = {
        altText: { altText: 'Another garden' },
        focus: { focus: { x: -1, y: 0.5 } },
        variants: {
          variants: [{ ...square, key: keys.at(-1) ?? square.key }],
          droppedKeys: keys.slice(0, 1),
          storedBytes: 3_000,
        },
        unknown: { variants: [square] },
      }[step.what];
      expect(await media.update(mediaId, changes)).toBe(model.update(mediaId, changes));
    } else if (step.act === 'remove') {
      const removal: MediaRemoval = {
        at: step.time,
        ...(step.only === undefined ? {} : { only: step.only }),
      };
      expect(await media.remove(idsOf(step.some), removal)).toBe(model.remove(idsOf(step.some), removal));
    } else {
      await media.erase(idsOf(step.some));
      model.erase(idsOf(step.some));
    }
  }

  /** Every query about the media of this run returns the same as the model. */
  async function compare(): Promise<void> {
    const { media } = world.engine;
    const all = [...model.records.values()];
    const idsOfAll = (records: readonly { readonly mediaId: string }[]) =>
      records.map(({ mediaId }) => mediaId).sort();
    const found = await media.findMany(mediaIds);
    expect(new Map([...found].sort())).toEqual(
      new Map(
        model
          .seen()
          .map((record) => [record.mediaId, record] as const)
          .sort(),
      ),
    );
    const removed = all.filter(({ state }) => state === 'removed');
    const foundRemoved = await media.findRemoved(mediaIds);
    expect(idsOfAll(foundRemoved)).toEqual(idsOfAll(removed));
    for (const record of foundRemoved) {
      const { rev: _, ...expected } = model.records.get(record.mediaId) ?? { rev: 0 };
      expect(record).toMatchObject(expected);
    }
    for (const each of targets) {
      const attached = model.seen().filter((record) => isSameTarget(record.target, each));
      expect([...(await media.listByTarget(each))].sort()).toEqual(idsOfAll(attached));
    }
    for (const each of [postId, otherPostId]) {
      const attached = model
        .seen()
        .filter((record) => record.target && 'postId' in record.target && record.target.postId === each);
      expect([...(await media.listByPost(each, 100))].sort()).toEqual(idsOfAll(attached));
    }
    for (const ownerId of owners) {
      const owned = model.seen().filter((record) => record.ownerId === ownerId);
      expect(await media.listByOwner(ownerId, { limit: 100 })).toEqual(idsOfAll(owned));
      expect(await media.bytesOf(ownerId)).toBe(
        owned.reduce((total, { storedBytes }) => total + storedBytes, 0),
      );
    }
    expect(await media.keysAmong([...everyKey])).toEqual(new Set(all.flatMap(({ keys }) => keys)));
  }

  return { perform, compare };
}

export function expectModelledCatalogue({ fact, propertyRuns }: SuiteContext): void {
  fact('the catalogue behaves like its model under any operations', async (world) => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
        const { perform, compare } = aRun(world);
        // So that most of the following steps concern existing media.
        for (const index of [0, 1, 2]) {
          await perform({ act: 'reserve', which: index, owner: index % 2, time: 5 });
        }
        for (const step of commands) await perform(step);
        await compare();
      }),
      { numRuns: Math.min(100, propertyRuns) },
    );
  });
}
