import { contract, type OperationId, operationIds } from '@twite/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { aForm, aPng } from './a-png.ts';
import { usualProbes } from './usual-probes.ts';
import {
  type Addressed,
  type Changing,
  type Content,
  type Counted,
  type Input,
  type Listed,
  type Probe,
  type Relation,
  relations,
  type Unlisted,
} from './visibility-probes.ts';
import { visibilityTable } from './visibility-table.ts';

/** What the suite needs of a server under test; rate limits are off. */
export interface VisibilityServer {
  readonly url: string;
  settled(): Promise<void>;
  /** Does what `twite admin grant` does. */
  grantAdmin(handle: string): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Person {
  readonly accountId: string;
  readonly handle: string;
  readonly token: string;
}

type Call = (operationId: OperationId, input: Input, token?: string) => Promise<Answer>;

const rows: Readonly<Partial<Record<OperationId, readonly Probe[]>>> = visibilityTable;

function probesOf(operationId: OperationId): readonly Probe[] {
  const probes = rows[operationId] ?? usualProbes(operationId);
  if (probes === undefined) throw new Error(`${operationId} needs a row in visibility-table.ts`);
  return probes;
}

const caller =
  (url: string): Call =>
  async (operationId, { path = {}, query = {}, body, form }, token) => {
    const route = contract[operationId];
    const filled = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${url}${filled}${search && `?${search}`}`, {
      method: route.method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(form === undefined ? {} : { body: form }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };

/** A problem without the parts that differ between requests. */
const essence = ({ status, body }: Answer): unknown => {
  const { requestId: _requestId, ...rest } = body as Record<string, unknown>;
  return { status, ...rest };
};

/** A viewer of one relation, with its own Ann and Zoe. */
interface Scene {
  readonly relation: Relation;
  readonly content: Content;
  /** Undefined: signed out. */
  readonly token: string | undefined;
}

async function setScene(
  server: VisibilityServer,
  call: Call,
  relation: Relation,
  index: number,
): Promise<Scene> {
  const must = async (operationId: OperationId, input: Input, token?: string) => {
    const answer = await call(operationId, input, token);
    if (answer.status >= 300) throw new Error(`${operationId}: ${JSON.stringify(answer)}`);
    return answer.body as Record<string, string>;
  };
  const join = async (name: string): Promise<Person> => {
    // No other suite has such a handle: they may share an instance.
    const handle = `${name}_seen_${index}`;
    const body = { handle, password: `a long password of ${handle}` };
    const made = (await must('createAccount', { body })) as unknown as {
      account: { accountId: string };
      session: { accessToken: string };
    };
    return { accountId: made.account.accountId, handle, token: made.session.accessToken };
  };
  const [ann, zoe, other] = [await join('ann'), await join('zoe'), await join('viewer')];
  const follow = (who: Person, whom: Person) =>
    must('followAccount', { path: { accountId: whom.accountId } }, who.token);
  await follow(ann, zoe);
  await follow(zoe, ann);
  await follow(other, zoe);

  const word = `word${index}of${ann.accountId}`;
  const upload = async () => {
    const made = await must('uploadMedia', { form: aForm(aPng(4, 4)) }, ann.token);
    return { mediaId: made.mediaId as string, url: made.url as string };
  };
  const post = async (who: Person, text: string, visibility = 'public', mediaIds: string[] = []) =>
    (await must('createPost', { body: { text, visibility, mediaIds } }, who.token)).postId as string;
  const reply = async (who: Person, postId: string, mediaIds: string[] = []) =>
    (await must('createReply', { path: { postId }, body: { text: 'A reply', mediaIds } }, who.token))
      .replyId as string;
  const pictures = {
    ofPublicPost: await upload(),
    ofFollowersPost: await upload(),
    ofReply: await upload(),
    ofAnn: await upload(),
    unattached: await upload(),
  };
  await must('updateMe', { body: { avatarMediaId: pictures.ofAnn.mediaId } }, ann.token);
  const publicPost = await post(ann, `In public: ${word}`, 'public', [pictures.ofPublicPost.mediaId]);
  const followersPost = await post(ann, `To followers: ${word}`, 'followers', [
    pictures.ofFollowersPost.mediaId,
  ]);
  const zoePost = await post(zoe, 'By Zoe');
  const content: Content = {
    ann: ann.accountId,
    annHandle: ann.handle,
    zoe: zoe.accountId,
    word,
    publicPost,
    followersPost,
    zoePost,
    doomedPost: await post(ann, 'To be deleted'),
    annReply: await reply(ann, zoePost, [pictures.ofReply.mediaId]),
    doomedReply: await reply(ann, zoePost),
    replyUnderPublic: await reply(zoe, publicPost),
    replyUnderFollowers: await reply(zoe, followersPost),
    publicMedia: pictures.ofPublicPost.mediaId,
    followersMedia: pictures.ofFollowersPost.mediaId,
    followersMediaUrl: pictures.ofFollowersPost.url,
    replyMedia: pictures.ofReply.mediaId,
    avatarMedia: pictures.ofAnn.mediaId,
    unattachedMedia: pictures.unattached.mediaId,
  };
  await must('likePost', { path: { postId: zoePost } }, ann.token);
  await must('likePost', { path: { postId: publicPost } }, zoe.token);
  await must('likePost', { path: { postId: followersPost } }, zoe.token);

  const ofAnn = { path: { accountId: ann.accountId } };
  const byAdmin = async (accountId: string) => {
    const boss = await join('boss');
    await server.grantAdmin(boss.handle);
    await must('suspendAccount', { path: { accountId } }, boss.token);
  };
  const set: Record<Relation, () => Promise<unknown>> = {
    self: async () => undefined,
    follower: () => follow(other, ann),
    stranger: async () => undefined,
    blocked: () => must('blockAccount', { path: { accountId: other.accountId } }, ann.token),
    blocker: () => must('blockAccount', ofAnn, other.token),
    signedOut: async () => undefined,
    suspended: () => byAdmin(other.accountId),
    admin: () => server.grantAdmin(other.handle),
    strangerOfSuspended: () => byAdmin(ann.accountId),
  };
  await set[relation]();
  await server.settled();
  const token = relation === 'signedOut' ? undefined : relation === 'self' ? ann.token : other.token;
  return { relation, content, token };
}

/** The error code of this operation for this relation, whatever the subject; undefined: it depends. */
function refusal(operationId: OperationId, relation: Relation): string | undefined {
  const { auth, role } = contract[operationId].metadata;
  if (relation === 'suspended' && auth !== 'none') return 'invalid_token';
  if (relation === 'signedOut' && auth === 'required') return 'unauthenticated';
  return role !== 'user' && relation !== 'admin' ? 'insufficient_role' : undefined;
}

const sees = (probe: Addressed | Listed, relation: Relation) => probe.seenBy.includes(relation);

export function visibilitySuite(startServer: () => Promise<VisibilityServer>): void {
  describe.each(relations.map((relation, index) => ({ relation, index })))(
    'what the $relation may see',
    ({ relation, index }) => {
      let call: Call;
      let scene: Scene;
      beforeAll(async () => {
        const server = await startServer();
        call = caller(server.url);
        scene = await setScene(server, call, relation, index);
      });

      const check = {
        async addressed(operationId: OperationId, probe: Addressed) {
          const input = probe.input(scene.content);
          const answer = await call(operationId, input, scene.token);
          if (sees(probe, relation)) return expect(answer.status).toBeLessThan(300);
          const path = { ...input.path, ...probe.unknown };
          const unknown = await call(operationId, { ...input, path }, scene.token);
          expect(answer.status).toBe(404);
          expect(essence(answer)).toEqual(essence(unknown));
        },
        async listed(operationId: OperationId, probe: Listed) {
          const answer = await call(operationId, probe.input(scene.content), scene.token);
          const found = JSON.stringify(answer.body).includes(probe.looksFor(scene.content));
          expect({ found, failed: answer.status >= 500 }).toEqual({
            found: sees(probe, relation),
            failed: false,
          });
        },
        async unlisted(operationId: OperationId, probe: Unlisted) {
          if (probe.mayBeSeenBy.includes(relation)) return;
          const answer = await call(operationId, probe.input(scene.content), scene.token);
          expect(answer.status).toBeLessThan(500);
          expect(JSON.stringify(answer.body)).not.toContain(probe.looksFor(scene.content));
        },
        async counted(operationId: OperationId, probe: Counted) {
          const expected = probe.expected(relation);
          if (expected === undefined) return;
          const answer = await call(operationId, probe.input(scene.content), scene.token);
          expect(probe.count(answer.body)).toBe(expected);
        },
        async changing(operationId: OperationId, probe: Changing) {
          const answer = await call(operationId, probe.input(scene.content), scene.token);
          expect(answer.status).toBe(probe.status(relation));
        },
      };

      const run = async (operationId: OperationId, probe: Probe) => {
        const code = refusal(operationId, relation);
        if (code !== undefined) {
          const answer = await call(operationId, probe.input(scene.content), scene.token);
          return expect(answer.body).toMatchObject({ code });
        }
        switch (probe.kind) {
          case 'addressed':
            return check.addressed(operationId, probe);
          case 'listed':
            return check.listed(operationId, probe);
          case 'unlisted':
            return check.unlisted(operationId, probe);
          case 'counted':
            return check.counted(operationId, probe);
          case 'changing':
            return check.changing(operationId, probe);
        }
      };

      const probes = operationIds.flatMap((operationId) =>
        probesOf(operationId).map((probe, at) => ({ operationId, probe, at })),
      );
      // Reads come first; changes of the relation come last.
      const changesLast = probes.sort(
        (one, other) => Number(one.probe.kind === 'changing') - Number(other.probe.kind === 'changing'),
      );
      it.each(changesLast)('through $operationId ($probe.kind, $at)', ({ operationId, probe }) =>
        run(operationId, probe),
      );

      const others = operationIds.filter((operationId) => refusal(operationId, relation) !== undefined);
      it('and nothing through operations that always refuse', async () => {
        for (const operationId of others) {
          const ids = { ...scene.content, accountId: scene.content.ann, postId: scene.content.publicPost };
          const path = {
            ...ids,
            replyId: scene.content.annReply,
            sessionId: scene.content.ann,
            tokenId: scene.content.ann,
            mediaId: scene.content.publicMedia,
            queue: 'jobs.reconcile',
          };
          const answer = await call(operationId, { path, query: { q: 'x' }, body: undefined }, scene.token);
          expect({ operationId, body: answer.body }).toMatchObject({
            operationId,
            body: { code: refusal(operationId, relation) },
          });
        }
      });
    },
  );
}
